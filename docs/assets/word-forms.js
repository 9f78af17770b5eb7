/* Stands at the end of the search worker of the built site: what is asked is brought to its stem as the words of the
   index are, so that «школой» finds «школы»; the theme looks for the letters as they were typed. */
(() => {
  const Parser = lunr.QueryParser;
  const stem = (word) => {
    const russian = lunr.ru.stemmer(new lunr.Token(word.toLowerCase(), {}));
    return lunr.stemmer(russian).toString();
  };
  const asked = (text) =>
    text
      .split(/\s+/)
      .filter((word, _, all) => all.length === 1 || lunr.ru.stopWordFilter(word.replace(/^[+-]|\*$/g, "").toLowerCase()))
      .map((word) => word.replace(/^([+-]?)([\p{L}\p{N}]+)\*$/u, (_, sign, letters) => `${sign}${stem(letters)}*`))
      .join(" ");
  lunr.QueryParser = Object.assign(function (text, query) {
    return new Parser(asked(text), query);
  }, Parser); // its parts stand at it as static functions
})();
