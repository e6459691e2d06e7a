// The review page: draft beside transcript, each sentence with its evidence to listen to.
import { call, element } from "./api.js";

const root = document.getElementById("review"), meeting = root.dataset.meeting;
const draftPlace = document.getElementById("draft"), talkPlace = document.getElementById("talk"), message = document.getElementById("message");
const sound = document.getElementById("sound"), player = document.getElementById("player"), wave = document.getElementById("wave");
const LEAD = 2; // seconds before the evidence
let data = null, playing = null, stopAt = null, current = null, peaks = null;

// ------------------------------------------------------------------ talking with the server

async function post(path, body) {
  message.textContent = "";
  try {
    const answer = await call(`/api/m/${meeting}/${path}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "If-Match": `"${data.version}"` } });
    show(await answer.json());
    return true;
  } catch (error) {
    message.textContent = error.message;
    if (error.status === 412) await load();
    return false;
  }
}

const send = (change) => post("changes", change);

async function load() { show(await (await call(`/api/m/${meeting}`)).json()); }

// ------------------------------------------------------------------ listening

async function recording(id) {
  if (playing === id) return;
  playing = id;
  sound.src = `/m/${meeting}/sound/${id}.m4a`;
  peaks = null;
  try { peaks = await (await call(`/m/${meeting}/sound/${id}.json`)).json(); } catch { /* no waveform */ }
  draw();
}

async function listen(id, seconds, until = null) {
  if (player.hidden) { message.textContent = "Mötet har ingen inspelning att lyssna på."; return; }
  await recording(id);
  stopAt = until;
  const go = () => { sound.currentTime = Math.max(0, seconds); sound.play().catch(() => {}); };
  if (sound.readyState >= 1) go(); else sound.addEventListener("loadedmetadata", go, { once: true });
}

function draw() {
  const pen = wave.getContext("2d"), width = wave.width = wave.clientWidth || 800, height = wave.height;
  pen.clearRect(0, 0, width, height);
  if (!peaks) return;
  const all = peaks.peaks, step = all.length / width;
  pen.fillStyle = "#1f4e79";
  for (let x = 0; x < width; x++) {
    let top = 0;
    for (let i = Math.floor(x * step); i < Math.max(Math.floor(x * step) + 1, (x + 1) * step); i++) top = Math.max(top, all[i] ?? 0);
    pen.fillRect(x, (height - top * height) / 2, 1, Math.max(1, top * height));
  }
  const at = (sound.currentTime * peaks.per_second / all.length) * width;
  pen.fillStyle = "#d07a00";
  pen.fillRect(at, 0, 2, height);
}

wave.addEventListener("click", (e) => { if (peaks) sound.currentTime = (e.offsetX / wave.clientWidth) * peaks.peaks.length / peaks.per_second; });
sound.addEventListener("timeupdate", () => {
  if (stopAt !== null && sound.currentTime > stopAt) { sound.pause(); stopAt = null; }
  draw();
  const ms = sound.currentTime * 1000;
  for (const w of talkPlace.querySelectorAll(".w.now")) w.classList.remove("now");
  const turn = data.transcript.findIndex((u) => u.recording === playing && u.local <= ms && ms < u.local + (u.end - u.start));
  if (turn < 0) return;
  const words = talkPlace.children[turn].querySelectorAll(".w");
  let last = null;
  for (const w of words) if (Number(w.dataset.at) <= ms) last = w; else break;
  last?.classList.add("now");
});

// ------------------------------------------------------------------ showing

function show(given) {
  const first = !data;
  data = given;
  document.getElementById("heading").textContent = data.title || "Möte";
  const state = document.getElementById("state");
  state.textContent = data.state;
  state.classList.toggle("done", data.state === "färdigställd");
  document.getElementById("state-choice").value = data.state;
  const flags = data.sections.flatMap((s) => s.statements).reduce((n, s) => n + s.flags.length, 0);
  document.getElementById("left").textContent = flags ? `${flags} att kontrollera` : "Inget kvar att kontrollera";
  document.getElementById("people").replaceChildren(
    element("p", {}, element("strong", { textContent: "Närvarande: " }), data.present.join(", ") || "–"),
    data.absent.length ? element("p", {}, element("strong", { textContent: "Frånvarande: " }), data.absent.join(", ")) : null);
  for (const child of [...document.getElementById("people").childNodes]) if (child.nodeType === 3) child.remove();
  draftPlace.replaceChildren(...data.sections.map(section));
  document.getElementById("point-list").replaceChildren(...data.review.map((p) => element("li", { textContent: p })));
  showOpinions(data.opinions);
  showShares(data.shares);
  for (const [id, right] of Object.entries(NEEDS)) { const control = document.getElementById(id); if (control) control.disabled = !may(right); }
  drawTalk(first);
  if (current) mark(current, false);
}

// Which right each control needs, where a meeting is shared by role; on one's own computer all are there.
const NEEDS = { undo: "CHANGE", "state-choice": "CHANGE", until: "CHANGE", "new-remark": "REMARK", "new-signer": "MANAGE", "new-share": "MANAGE", group: "MANAGE" };
const may = (right) => data.rights.includes(right);

// A word of the talk; meetings have tens of thousands, so a copy is made, which is faster than an element set up anew.
const word = element("span", { class: "w" });
function spoken([at, text, unsure], recording) {
  const made = word.cloneNode();
  made.textContent = text;
  made.dataset.at = at;
  made.dataset.rec = recording;
  if (unsure) made.classList.add("low");
  return made;
}

function drawTalk(first) {
  const top = talkPlace.scrollTop;
  talkPlace.replaceChildren(...data.transcript.map((u, n) => {
    const words = u.words.length ? u.words : spread(u);
    return element("p", { class: "turn", "data-n": n },
      element("button", { class: "who", textContent: u.speaker, title: "Namnge talaren", onclick: () => nameSpeaker(u) }), " ",
      element("span", { class: "at", textContent: clock(u.local) }), " ",
      ...words.flatMap((w) => [spoken(w, u.recording), " "]));
  }));
  if (!first) talkPlace.scrollTop = top;
  player.hidden = !data.recordings.some((r) => /\.(mp4|m4a|mp3|wav|mkv|mov|webm|ogg|opus|flac|aac|wma|avi)$/i.test(r.name));
}

// A Teams transcript has no word times: words are spread evenly over what was said.
function spread(u) {
  const words = u.text.split(/\s+/), step = (u.end - u.start) / Math.max(1, words.length);
  return words.map((w, i) => [Math.round(u.local + i * step), w, false]);
}

function clock(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(n).padStart(2, "0")).join(":");
}

function section(s) {
  const number = s.number ? (s.number.startsWith("§") ? `${s.number} ` : `${s.number}. `) : "";
  const closed = data.state === "färdigställd" || !may("CHANGE");
  return element("div", { class: "item" }, element(s.level ? "h4" : "h3", { textContent: number + s.title }),
    ...s.statements.map((x) => statement(x, s, closed)),
    closed ? null : element("p", {}, element("button", { class: "add", textContent: "+ Lägg till mening", "aria-label": `Lägg till mening under ${s.title}`, onclick: () => addSentence(s) }),
      element("button", { class: "add", textContent: "Skriv om punkten", "aria-label": `Skriv om punkten ${s.title}`, onclick: () => again(s) })));
}

function statement(x, s, closed) {
  const act = (label, onclick) => element("button", { textContent: label, "aria-label": `${label}: ${x.text.slice(0, 60)}`, onclick });
  return element("div", { class: `statement ${x.kind}${x.flags.length ? " flagged" : ""}`, "data-id": x.id, tabIndex: -1 },
    element("span", { class: "text", textContent: x.shown, onclick: () => { mark(x.id); hear(x); } }), " ",
    x.by === "person" ? element("span", { class: "mine", textContent: "(skrivet av en människa)" }) : null,
    element("div", {}, ...x.flags.map((f) => element("span", { class: "flag" }, `⚑ ${f.advice}`,
      closed ? "" : element("button", { textContent: "Kontrollerad", "aria-label": `${f.advice}, kontrollerad: ${x.text.slice(0, 60)}`, onclick: () => send({ do: "settle", id: x.id, flag: f.flag }) }))),
      x.doubts.length ? element("span", { class: "hint", textContent: `Vi hör → Teams skrev: ${x.doubts.join("; ")}` }) : null),
    element("div", { class: "acts" },
      x.evidence.length ? act(`Lyssna ${x.evidence[0].place}`, () => { mark(x.id); hear(x); }) : null,
      ...(closed ? [] : [act("Ändra", () => edit(x)), act("Slag", () => classify(x)), act("Flytta", () => move(x)),
        s.statements[0] !== x ? act("Slå ihop uppåt", () => send({ do: "merge", id: x.id })) : null,
        act("Ta bort", () => send({ do: "remove", id: x.id }))].filter(Boolean))));
}

function showOpinions(o) {
  const open = o.remarks.filter((r) => !r.settled).length, waiting = o.approvals.filter((a) => !a.holds).length;
  document.getElementById("opinions-left").textContent = [open && `${open} att ta ställning till`, waiting && `${waiting} har inte justerat`].filter(Boolean).map((t, i) => (i ? t : `– ${t}`)).join(", ");
  document.getElementById("until").value = o.until ?? "";
  document.getElementById("remark-list").replaceChildren(...o.remarks.map((r) => element("li", {},
    element("span", { class: r.settled ? "settled" : "", textContent: `${r.who}, ${r.at}: ${r.text}` }), " ",
    r.statement && find(r.statement) ? element("button", { class: "add", textContent: "Visa meningen", "aria-label": `Visa meningen: ${r.text.slice(0, 60)}`, onclick: () => goTo(r.statement) }) : null,
    r.settled || !may("CHANGE") ? null : element("button", { class: "add", textContent: "Klar", "aria-label": `Klar: ${r.text.slice(0, 60)}`, onclick: () => post(`remarks/${r.id}/settle`, {}) }))));
  document.getElementById("approval-list").replaceChildren(...o.approvals.map((a) => element("li", {},
    `${a.name}: ${a.at ? (a.holds ? `justerade ${a.at}` : `justerade ${a.at}, men utkastet är ändrat sedan dess`) : "har inte justerat"} `,
    a.holds || !may("APPROVE") ? null : element("button", { class: "add", textContent: "Justera", "aria-label": `Justera: ${a.name}`, onclick: () => post("approvals/approve", { name: a.name }) }),
    a.at || !may("MANAGE") ? null : element("button", { class: "add", textContent: "Stryk", "aria-label": `Stryk ${a.name} som justerare`, onclick: () => post("approvals/dismiss", { name: a.name }) }))));
}

function showShares(shares) {
  const list = document.getElementById("share-list");
  if (!list) return;
  document.getElementById("shared-with").textContent = shares.length ? `– med ${shares.length}` : "– bara du";
  list.replaceChildren(...shares.map(([email, role]) => element("li", {}, `${email}, ${role} `,
    may("MANAGE") ? element("button", { class: "add", textContent: "Sluta dela", "aria-label": `Sluta dela med ${email}`, onclick: () => post("shares", { email }) }) : null)));
}

function newShare() {
  const roles = [...document.getElementById("roles").content.querySelectorAll("option")].map((o) => o.textContent);
  ask("Dela mötet", [{ name: "email", label: "E-postadress" }, { name: "role", label: "Roll", options: roles, value: "granskare" }])
    .then((v) => v && v.email.trim() && post("shares", { email: v.email.trim(), role: v.role }));
}

function goTo(id) {
  mark(id);
  const place = draftPlace.querySelector(`[data-id="${CSS.escape(id)}"]`);
  place?.scrollIntoView({ block: "center" });
  place?.focus({ preventScroll: true });
}

function newRemark() {
  const x = current && find(current);
  ask(x ? `Synpunkt på: ${x.shown.slice(0, 80)}` : "Synpunkt på hela utkastet", [{ name: "text", label: "Vad bör ändras?", long: true }, { name: "who", label: "Vems synpunkt (tomt: din egen)", suggestions: data.people }])
    .then((v) => v && v.text.trim() && post("remarks", { text: v.text.trim(), who: v.who.trim(), statement: x ? x.id : null }));
}

const newSigner = () => ask("Utse justerare", [{ name: "name", label: "Namn", suggestions: data.people }]).then((v) => v && v.name.trim() && post("approvals/appoint", { name: v.name.trim() }));

async function again(s) {
  message.textContent = `Skriver om ”${s.title}” …`;
  if (await post("again", { item: s.item })) message.textContent = `”${s.title}” är omskriven efter rättningarna. Ångra tar tillbaka den gamla texten.`;
}

function find(id) { return data.sections.flatMap((s) => s.statements).find((x) => x.id === id); }

function mark(id, scroll = true) {
  current = id;
  for (const on of root.querySelectorAll(".on")) on.classList.remove("on");
  const x = find(id), place = draftPlace.querySelector(`[data-id="${CSS.escape(id)}"]`);
  if (!x || !place) return;
  place.classList.add("on");
  let first = null;
  data.transcript.forEach((u, n) => {
    if (!x.evidence.some((e) => e.recording === u.recording && u.local < e.end && u.local + (u.end - u.start) > e.start)) return;
    const turn = talkPlace.children[n];
    turn.classList.add("on");
    first ??= turn;
  });
  if (first && scroll) talkPlace.scrollTop = first.offsetTop - talkPlace.offsetTop - 40;
}

function hear(x) {
  const [e] = x.evidence;
  if (e) listen(e.recording, e.start / 1000 - LEAD, Math.max(...x.evidence.filter((o) => o.recording === e.recording).map((o) => o.end)) / 1000 + 0.5);
}

talkPlace.addEventListener("click", (event) => {
  const w = event.target.closest(".w");
  if (w) listen(w.dataset.rec, Number(w.dataset.at) / 1000);
});
talkPlace.addEventListener("dblclick", (event) => {
  const w = event.target.closest(".w");
  if (!w) return;
  const heard = w.textContent.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  const group = root.dataset.group, remember = "Lägg även i gruppens ordlista";
  ask("Rätta ett ord", [{ name: "meant", label: `”${heard}” ska vara`, value: heard }, ...(group ? [{ name: "keep", label: remember, options: ["nej", "ja"] }] : [])]).then(async (v) => {
    const meant = v?.meant.trim();
    if (!meant || !await send({ do: "correct", heard, meant }) || v.keep !== "ja") return;
    try { await call(`/api/groups/${group}/terms`, { method: "POST", body: JSON.stringify({ written: meant, heard }), headers: { "Content-Type": "application/json" } }); }
    catch (error) { message.textContent = error.message; }
  });
});

// ------------------------------------------------------------------ changing

const dialog = document.getElementById("dialog");

function ask(title, fields) {
  document.getElementById("dialog-title").textContent = title;
  const inputs = {};
  document.getElementById("dialog-fields").replaceChildren(...fields.map((f) => {
    const input = element(f.options ? "select" : f.long ? "textarea" : "input", { id: `field-${f.name}` });
    for (const o of f.options ?? []) input.append(element("option", { value: o.value ?? o, textContent: o.label ?? o }));
    input.value = f.value ?? "";
    if (f.long) input.rows = 5;
    if (f.suggestions) {
      const list = element("datalist", { id: `list-${f.name}` }, ...f.suggestions.map((o) => element("option", { value: o })));
      input.setAttribute("list", list.id);
      input.after(list);
      inputs[f.name] = input;
      return element("label", { htmlFor: input.id }, f.label, input, list);
    }
    inputs[f.name] = input;
    return element("label", { htmlFor: input.id }, f.label, input);
  }));
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "ok" ? Object.fromEntries(Object.entries(inputs).map(([k, i]) => [k, i.value])) : null), { once: true }));
}

const edit = (x) => ask("Ändra meningen", [{ name: "text", label: "Text", value: x.text, long: true }]).then((v) => v && v.text.trim() && v.text.trim() !== x.text && send({ do: "reword", id: x.id, text: v.text.trim() }));
const items = () => data.sections.map((s) => ({ value: s.item ?? "", label: `${s.number ? `${s.number} ` : ""}${s.title}` }));
const move = (x) => ask("Flytta till en annan punkt", [{ name: "item", label: "Punkt", options: items() }]).then((v) => v && send({ do: "move", id: x.id, item: v.item || null }));

function classify(x) {
  const kinds = [...document.getElementById("kinds").content.querySelectorAll("option")].map((o) => o.textContent);
  ask("Slag av mening", [{ name: "kind", label: "Slag", options: kinds, value: x.kind }, { name: "owner", label: "Ansvarig (för åtgärd)", value: x.owner_name, suggestions: data.people },
    { name: "due", label: "Klart", value: x.due ?? "" }]).then((v) => v && send({ do: "classify", id: x.id, kind: v.kind, owner: v.owner || null, due: v.due || null }));
}

function addSentence(s) {
  const picked = window.getSelection();
  const turns = [...talkPlace.querySelectorAll(".turn")].filter((t) => picked.rangeCount && picked.toString().trim() && picked.containsNode(t, true));
  const chosen = turns.map((t) => data.transcript[Number(t.dataset.n)]);
  const told = chosen.length ? "Belägg: det du markerat i samtalet." : "Markera först i samtalet om meningen ska ha belägg; annars står den som din egen.";
  ask("Ny mening", [{ name: "text", label: told, long: true }]).then((v) => v && v.text.trim() && send({ do: "add", id: `own-${crypto.randomUUID?.().slice(0, 12) ?? Date.now()}`, item: s.item,
    text: v.text.trim(), start: chosen.length ? chosen[0].start : null, end: chosen.length ? chosen.at(-1).end : null }));
}

function nameSpeaker(u) {
  if (data.state === "färdigställd" || !may("CHANGE")) return;
  ask(`Vem är ${u.speaker}?`, [{ name: "name", label: "Namn", value: /^Talare \d+$/.test(u.speaker) ? "" : u.speaker, suggestions: data.people }])
    .then((v) => v && v.name.trim() && send({ do: "name", speaker: u.key, name: v.name.trim() }));
}

function nextFlag() {
  const flagged = data.sections.flatMap((s) => s.statements).filter((x) => x.flags.length);
  if (!flagged.length) return;
  goTo(flagged[(flagged.findIndex((x) => x.id === current) + 1) % flagged.length].id);
}

document.getElementById("undo").addEventListener("click", () => send({ do: "undo" }));
document.getElementById("new-remark").addEventListener("click", newRemark);
document.getElementById("new-signer").addEventListener("click", newSigner);
document.getElementById("new-share")?.addEventListener("click", newShare);
document.getElementById("until").addEventListener("change", (e) => post("until", { until: e.target.value || null }));
document.getElementById("next-flag").addEventListener("click", nextFlag);
const template = document.getElementById("template");
function wanted() { for (const ending of ["docx", "pdf"]) document.getElementById(ending).href = `/m/${meeting}/download/${template.value}.${ending}`; }
template.addEventListener("change", wanted);
document.getElementById("group")?.addEventListener("change", async (e) => {
  try {
    await call(`/api/m/${meeting}/group`, { method: "POST", body: JSON.stringify({ group: e.target.value || null }), headers: { "Content-Type": "application/json" } });
    location.reload();
  } catch (error) { message.textContent = error.message; }
});
document.getElementById("state-choice").addEventListener("change", async (e) => {
  if (!await post("state", { state: e.target.value })) document.getElementById("state-choice").value = data.state;
});
document.addEventListener("keydown", (e) => {
  if (dialog.open || e.ctrlKey || e.metaKey || e.altKey || /^(input|textarea|select|audio)$/i.test(e.target.tagName)) return;
  const x = current && find(current);
  if (e.key === "n") nextFlag();
  else if (e.key === "u") send({ do: "undo" });
  else if (e.key === "l" && x) hear(x);
  else if (e.key === "e" && x) edit(x);
  else if (e.key === "k" && x && x.flags.length) send({ do: "settle", id: x.id, flag: x.flags[0].flag });
  else return;
  e.preventDefault();
});

wanted();
await load();
if (!player.hidden) recording(data.recordings[0].id);
