// Nothing here is needed: without scripts a page's contents stand open, on a phone too.
addEventListener("DOMContentLoaded", () => {
  if (matchMedia("(max-width: 62rem)").matches) document.querySelectorAll(".contents details").forEach((each) => { each.open = false; });
});
