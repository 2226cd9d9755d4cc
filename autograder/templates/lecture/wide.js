// What scrolls can be reached by the keyboard; without scripts all that might scroll stops the Tab key.
const wide = () => document.querySelectorAll("pre, .display, .output, .cell_output, .table-wrapper, .figure").forEach((each) => {
  if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  else each.removeAttribute("tabindex");
});
addEventListener("DOMContentLoaded", wide);
addEventListener("load", wide);
addEventListener("resize", wide);
// A formula is a picture, after which a line may break: what follows it without a space stays on its line.
addEventListener("DOMContentLoaded", () => document.querySelectorAll("img.formula").forEach((each) => {
  const [stop] = /^\S{0,4}/.exec(each.nextSibling?.data ?? "");
  if (!stop) return;
  each.nextSibling.splitText(stop.length);
  const whole = document.createElement("span");
  whole.style.whiteSpace = "nowrap";
  each.before(whole);
  whole.append(each, whole.nextSibling);
}));
