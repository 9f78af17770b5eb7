"""What makes the demo region, part by part: chance, schools, results, context, support, what is missing, README."""
