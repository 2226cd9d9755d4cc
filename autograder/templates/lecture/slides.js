// Keys, and the address of the slide in view; without scripts the deck scrolls from slide to slide.
addEventListener("DOMContentLoaded", () => {
  const slides = [...document.querySelectorAll(".slide")];
  slides.forEach((slide, at) => { slide.id = `slide-${at + 1}`; });
  // Pictures take what room a slide leaves them; where it is too little, as when an answer is opened, letters shrink as well.
  const fit = (slide) => {
    const high = () => slide.scrollHeight > innerHeight + 1 && innerWidth > 640;
    slide.style.fontSize = "";
    for (let tall = 28; tall === 28 || (tall >= 15 && high()); tall -= 1) slide.style.setProperty("--tall", `${tall}em`);
    for (let share = 0.98; share > 0.6 && high(); share -= 0.02) slide.style.fontSize = `calc(min(1.84vw, 2.76vh) * ${share})`;
  };
  const all = () => slides.forEach(fit);
  addEventListener("load", () => document.querySelectorAll(".figure img").forEach((each) => { each.style.setProperty("--shape", each.naturalWidth / each.naturalHeight); }));
  addEventListener("load", all);
  addEventListener("resize", all);
  addEventListener("toggle", (event) => fit(event.target.closest(".slide")), true);
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
