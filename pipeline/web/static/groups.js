// The list of groups: a new one.
import { call } from "./api.js";

document.getElementById("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await call("/api/groups", { method: "POST", body: JSON.stringify({ name: document.getElementById("name").value }), headers: { "Content-Type": "application/json" } });
    location.href = `/g/${(await answer.json()).group}`;
  } catch (error) { document.getElementById("message").textContent = error.message; }
});
