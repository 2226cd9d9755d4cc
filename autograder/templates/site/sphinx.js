// What the theme lacks for those who read by ear: names of its margins, levels of its captions, a title of the search, and no headings that say nothing.
addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".caption[role=heading]").forEach((each) => { each.ariaLevel = "2"; });
  document.querySelectorAll("aside").forEach((each) => { each.ariaLabel = each.classList.contains("toc-drawer") ? "On this page" : "Course"; });
  document.querySelectorAll("th").forEach((each) => { if (!each.textContent.trim()) each.outerHTML = "<td></td>"; });
  if (!document.querySelector("h1")) document.querySelector("[role=main]").insertAdjacentHTML("afterbegin", "<h1>Search</h1>");
});
// A picture opens larger; on a phone it is as wide as its smallest text, of 8 points, needs to be 9 pixels high (it has 192 pixels an inch), and is scrolled.
addEventListener("load", () => document.querySelectorAll("article img:not(.formula)").forEach((each) => {
  each.style.setProperty("--readable", `${0.425 * each.naturalWidth}px`);
  if (!each.src.includes("/_images/") || each.closest("a")) return;
  const link = Object.assign(document.createElement("a"), { href: each.src });
  each.replaceWith(link);
  link.append(each);
}));
