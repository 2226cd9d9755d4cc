// Nothing here is needed: without scripts a page follows the system's theme, and its contents stand open.
(() => {
  const root = document.documentElement;
  const kept = (key, value) => { try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; } };
  const chosen = kept("theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  addEventListener("DOMContentLoaded", () => {
    if (matchMedia("(max-width: 62rem)").matches) document.querySelectorAll(".contents details").forEach((each) => { each.open = false; });
    const button = document.querySelector(".theme");
    if (!button) return;
    const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const say = () => { button.textContent = dark() ? "Light" : "Dark"; button.setAttribute("aria-label", dark() ? "Light theme" : "Dark theme"); };
    button.hidden = false;
    button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; kept("theme", root.dataset.theme); say(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", say);
    say();
  });
})();
