// What may be learnt from a meeting: striking out and taking back in.
import { call } from "./api.js";

const root = document.getElementById("learning"), message = document.getElementById("message");

for (const button of root.querySelectorAll("button[data-start]")) {
  button.addEventListener("click", async () => {
    const struck = button.getAttribute("aria-pressed") !== "true";
    message.textContent = "";
    try {
      await call(`/api/learning/${root.dataset.meeting}`, { method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ start: Number(button.dataset.start), end: Number(button.dataset.end), struck }) });
      button.setAttribute("aria-pressed", String(struck));
      button.textContent = struck ? "Struket – ta med igen" : "Stryk";
      button.closest("section").classList.toggle("struck", struck);
    } catch (error) { message.textContent = error.message; }
  });
}
