// What scrolls can be reached by the keyboard; without scripts all that might scroll stops the Tab key.
const wide = () => document.querySelectorAll("pre, .display, .output, .cell_output, .table-wrapper").forEach((each) => {
  if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  else each.removeAttribute("tabindex");
});
addEventListener("DOMContentLoaded", wide);
addEventListener("load", wide);
addEventListener("resize", wide);
