// Sphinx's scores, and before all else what is taught, after all else the code.
var Scorer = {
  score: ([place, , , , score]) => score + (/^(lectures|assignments)\//.test(place) ? 30 : place.startsWith("code/") ? -30 : 0),
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
