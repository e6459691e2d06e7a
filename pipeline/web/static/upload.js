// Uploads in pieces (tus): a dropped connection goes on where it was.
import { call, element, timeLeft } from "./api.js";

const PIECE = 4 * 1024 * 1024;
const chosen = [];
const list = document.getElementById("list"), start = document.getElementById("start"), message = document.getElementById("message");

function size(bytes) { return bytes > 1e6 ? `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB` : `${Math.ceil(bytes / 1000)} kB`; }

function add(files) {
  for (const file of files) {
    const bar = element("progress", { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", `${file.name}, uppladdat`);
    const entry = { file, bar, id: null };
    const row = element("li", {}, element("span", { textContent: file.name }), bar, element("span", { textContent: size(file.size) }),
      element("button", { type: "button", textContent: `Ta bort ${file.name}`, onclick: () => { chosen.splice(chosen.indexOf(entry), 1); row.remove(); start.disabled = !chosen.length; } }));
    entry.row = row;
    chosen.push(entry);
    list.append(row);
  }
  start.disabled = !chosen.length;
  const title = document.getElementById("title");
  if (!title.value && files.length) title.value = files[0].name.replace(/-\d{8}_\d{6}.*$/, "").replace(/\.[^.]+$/, "");
}

document.getElementById("files").addEventListener("change", (e) => { add(e.target.files); e.target.value = ""; });
const drop = document.getElementById("drop");
drop.addEventListener("dragover", (e) => { e.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (e) => { e.preventDefault(); drop.classList.remove("over"); add(e.dataTransfer.files); });

let began = 0;

function tell() {
  const sum = (sizes) => sizes.reduce((a, b) => a + b, 0);
  message.textContent = `Laddar upp … ${timeLeft(sum(chosen.map((c) => c.bar.value)), sum(chosen.map((c) => c.file.size)), (performance.now() - began) / 1000)}`;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function upload(entry) {
  const { file, bar } = entry;
  if (!entry.id) {
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
    const made = await call("/files", { method: "POST", headers: { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${name}`, "Tus-Resumable": "1.0.0" } });
    entry.id = made.headers.get("Location").split("/").pop();
  }
  let at = 0, failures = 0;
  while (true) {
    try {
      const head = await call(`/files/${entry.id}`, { method: "HEAD" });
      at = Number(head.headers.get("Upload-Offset"));
      while (at < file.size) {
        const answer = await call(`/files/${entry.id}`, { method: "PATCH", body: file.slice(at, at + PIECE),
          headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at), "Tus-Resumable": "1.0.0" } });
        at = Number(answer.headers.get("Upload-Offset"));
        bar.value = at;
        failures = 0;
        tell();
      }
      bar.value = file.size;
      return;
    } catch (error) {
      if (error.status && error.status !== 409 || ++failures > 8) throw error;
      message.textContent = "Förbindelsen bröts. Uppladdningen fortsätter strax där den var.";
      await wait(500 * 2 ** Math.min(failures, 5));
    }
  }
}

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  start.disabled = true;
  message.textContent = "Laddar upp …";
  began = performance.now();
  try {
    for (const entry of chosen) await upload(entry);
    const body = JSON.stringify({ uploads: chosen.map((c) => c.id), title: document.getElementById("title").value, group: document.getElementById("group")?.value ?? "", agenda: document.getElementById("agenda").value });
    const answer = await call("/api/meetings", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    location.href = `/m/${(await answer.json()).meeting}`;
  } catch (error) {
    message.textContent = error.message;
    start.disabled = false;
  }
});
