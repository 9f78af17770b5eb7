/* Asks the search of the built site, as its pages do in a worker: node ask_search.js SITE WORD... -> "WORD<tab>pages found" */
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const [site, ...words] = process.argv.slice(2);
const workers = path.join(site, "assets", "javascripts", "workers");
const worker = fs.readdirSync(workers).find((file) => /^search\..*\.js$/.test(file));
const answers = [];
let handle;
const around = vm.createContext({
  console,
  URL,
  addEventListener: (_, handler) => (handle = handler),
  postMessage: (message) => answers.push(message),
  importScripts: (...files) => files.forEach(load),
});
around.self = around;

function load(file) {
  vm.runInContext(fs.readFileSync(path.resolve(workers, file), "utf8"), around);
}

(async () => {
  load(worker);
  const index = JSON.parse(fs.readFileSync(path.join(site, "search", "search_index.json"), "utf8"));
  await handle({ data: { type: 0, data: { ...index, options: { suggest: false } } } });
  for (const word of words) {
    await handle({ data: { type: 2, data: word } });
    console.log(`${word}\t${answers.pop().data.items.length}`);
  }
})();
