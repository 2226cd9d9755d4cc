// Keys, and the address of the slide in view; without scripts the deck scrolls from slide to slide.
addEventListener("DOMContentLoaded", () => {
  const slides = [...document.querySelectorAll(".slide")];
  slides.forEach((slide, at) => { slide.id = `slide-${at + 1}`; });
  const current = () => slides.reduce((best, slide, at) => (Math.abs(slide.getBoundingClientRect().top) < Math.abs(slides[best].getBoundingClientRect().top) ? at : best), 0);
  const go = (at) => { const slide = slides[Math.max(0, Math.min(slides.length - 1, at))]; slide.scrollIntoView({ behavior: "instant" }); history.replaceState(null, "", `#${slide.id}`); };
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("summary, a, button, input")) return;
    if (event.key === "Home") go(0);
    else if (event.key === "End") go(slides.length - 1);
    else if (event.key === "f") document.documentElement.requestFullscreen?.();
    else if (event.key in steps) go(current() + (event.shiftKey && event.key === " " ? -1 : steps[event.key]));
    else return;
    event.preventDefault();
  });
  const named = slides.findIndex((slide) => `#${slide.id}` === location.hash);
  if (named > 0) go(named);
});
