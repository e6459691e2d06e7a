// A group's page: members, glossary, standing agenda, habits and Word template.
import { call, element } from "./api.js";

const root = document.getElementById("group"), id = root.dataset.group, message = document.getElementById("message");
const MEMBER = { namn: "Namn", roll: "Roll", ort: "Ort", yrke: "Yrke", epost: "E-post" }, TERM = { skrivs: "Skrivs", hors: "Har hörts som" };
let { version, group } = JSON.parse(document.getElementById("content").textContent);

function row(place, fields, values, about) {
  const made = element("tr", {}, ...Object.entries(fields).map(([name, label]) => {
    const input = element("input", { value: values[name] ?? "", maxLength: 400, size: name === "hors" ? 40 : 14 });
    input.dataset.field = name;
    input.setAttribute("aria-label", `${label}, ${about} ${place.children.length + 1}`);
    return element("td", {}, input);
  }));
  made.append(element("td", {}, element("button", { type: "button", textContent: "Ta bort", "aria-label": `Ta bort ${about} ${values.namn ?? values.skrivs ?? place.children.length + 1}`, onclick: () => made.remove() })));
  place.append(made);
  return made;
}

const members = document.getElementById("members"), terms = document.getElementById("terms");
const heard = (t) => ({ skrivs: t.skrivs, hors: t.hors.join(", ") });

function fill() {
  document.getElementById("namn").value = group.namn;
  document.getElementById("dagordning").value = group.dagordning.join("\n");
  document.getElementById("mall").value = group.mall ?? "";
  document.getElementById("avidentifiera").checked = group.avidentifiera;
  document.getElementById("lar_av_granskning").checked = group.lar_av_granskning;
  members.replaceChildren();
  terms.replaceChildren();
  for (const m of group.medlem) row(members, MEMBER, m, "medlem");
  for (const t of group.term) row(terms, TERM, heard(t), "ord");
}

const read = (place) => [...place.children].map((r) => Object.fromEntries([...r.querySelectorAll("input")].map((i) => [i.dataset.field, i.value.trim()])));
const lines = (text, mark) => text.split(mark).map((l) => l.trim()).filter(Boolean);

function content() {
  const kept = group.medlem;  // what the form has no field for stays
  return { ...group, namn: document.getElementById("namn").value.trim(), dagordning: lines(document.getElementById("dagordning").value, "\n"),
    mall: document.getElementById("mall").value || null, avidentifiera: document.getElementById("avidentifiera").checked,
    lar_av_granskning: document.getElementById("lar_av_granskning").checked,
    medlem: read(members).filter((m) => m.namn).map((m) => ({ ...(kept.find((k) => k.namn === m.namn) ?? {}), ...Object.fromEntries(Object.entries(m).map(([k, v]) => [k, v || null])) })),
    term: read(terms).filter((t) => t.skrivs).map((t) => ({ skrivs: t.skrivs, hors: lines(t.hors, ",") })) };
}

async function attempt(what) {
  message.textContent = "";
  try { await what(); } catch (error) { message.textContent = error.message; }
}

document.getElementById("add-member").addEventListener("click", () => row(members, MEMBER, {}, "medlem").querySelector("input").focus());
document.getElementById("add-term").addEventListener("click", () => row(terms, TERM, {}, "ord").querySelector("input").focus());
document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const answer = await call(`/api/groups/${id}`, { method: "PUT", body: JSON.stringify(content()), headers: { "Content-Type": "application/json", "If-Match": `"${version}"` } });
    ({ version, group } = await answer.json());
    fill();
    document.querySelector("h1").textContent = group.namn;
    message.textContent = "Gruppen är sparad.";
  });
});
document.getElementById("template")?.addEventListener("change", (event) => attempt(async () => {
  const [file] = event.target.files;
  const answer = await call(`/api/groups/${id}/template`, { method: "PUT", body: file, headers: { "X-File-Name": encodeURIComponent(file.name) } });
  const told = await answer.json();
  version = told.version;
  const place = document.getElementById("template-now");
  place.replaceChildren(`${told.template} – `, element("a", { href: `/g/${id}/preview.docx`, textContent: "se ett exempel" }));
  message.textContent = told.missing.length ? `Mallen är sparad, men saknar: ${told.missing.join(", ")}.` : "Mallen är sparad.";
}));
document.getElementById("drop-template")?.addEventListener("click", () => attempt(async () => {
  await call(`/api/groups/${id}/template`, { method: "DELETE" });
  location.reload();
}));
document.getElementById("remove")?.addEventListener("click", () => attempt(async () => {
  if (!confirm("Ta bort gruppen med medlemmar och ordlista? Mötena finns kvar.")) return;
  await call(`/api/groups/${id}`, { method: "DELETE" });
  location.href = "/groups";
}));

fill();
