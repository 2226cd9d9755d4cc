// What scrolls can be reached by the keyboard; without scripts Chromium and Firefox see to that themselves.
const wide = () => document.querySelectorAll("pre, .display, .output, .table-wrapper").forEach((each) => {
  if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  else each.removeAttribute("tabindex");
});
addEventListener("DOMContentLoaded", wide);
addEventListener("resize", wide);
