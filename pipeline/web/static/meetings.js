// The list of meetings and the waiting page: progress as the server tells it.
import { call, timeLeft } from "./api.js";

const begun = {};  // when each meeting's stage was first seen, and how far it had come

// "ungefär 3 min kvar av steget", by how fast the stage went since this page saw it.
function left(job) {
  const now = performance.now() / 1000;
  if (begun[job.meeting]?.stage !== job.stage) begun[job.meeting] = { stage: job.stage, at: now, percent: job.percent };
  const { at, percent } = begun[job.meeting], told = timeLeft(job.percent - percent, 100 - percent, now - at);
  return told && `, ${told} av steget`;
}

const events = new EventSource("/api/events");
events.onmessage = (event) => {
  const job = JSON.parse(event.data);
  const place = document.querySelector(`[data-meeting="${job.meeting}"]`);
  if (!place) return;
  const status = place.querySelector(".status");
  if (status) status.textContent = job.status === "klar" ? "klart" : job.error ? `fel: ${job.error}` : `${job.status} ${job.stage} ${job.percent} %${left(job)}`;
  const bar = place.querySelector("progress");
  if (bar) bar.value = job.percent;
  if ("reload" in place.dataset && ["klar", "fel", "avbruten"].includes(job.status)) location.reload();
  const told = document.getElementById("told");
  if (told && job.status === "klar") told.textContent = "Ett utkast är klart.";
};

for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", async () => {
    await call(`/api/m/${button.closest("[data-meeting]").dataset.meeting}/${button.dataset.do}`, { method: "POST" });
    location.reload();
  });
}
