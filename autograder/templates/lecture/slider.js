// Without scripts a slider is a still of some positions; here it shows the picture of the position that it stands at.
addEventListener("DOMContentLoaded", () => document.querySelectorAll(".slider").forEach((slider) => {
  const [input, output, frames] = [slider.querySelector("input"), slider.querySelector("output"), [...slider.querySelectorAll("[data-label]")]];
  const move = () => { frames.forEach((frame, at) => { frame.hidden = at !== input.valueAsNumber; }); input.ariaValueText = output.textContent = frames[input.valueAsNumber].dataset.label; };
  [...slider.children].forEach((each) => { each.hidden = !each.hidden; });
  input.addEventListener("input", move);
  move();
}));
