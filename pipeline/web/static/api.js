// What every page shares: calls that carry the header our server asks for, and errors as text.
export async function call(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { "X-Protokollist": "1", Accept: "application/json", ...(options.headers ?? {}) } });
  if (!answer.ok) {
    const told = await answer.text();
    let message = told;
    try { const row = JSON.parse(told); message = row.error ?? row.detail ?? told; } catch { /* plain text */ }
    const error = new Error(typeof message === "string" ? message : "Det gick inte.");
    error.status = answer.status;
    throw error;
  }
  return answer;
}

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((c) => c !== null && c !== undefined));
  return made;
}

// What is left of a work of which ``done`` parts of ``whole`` took ``seconds``; nothing until a twentieth is done.
export function timeLeft(done, whole, seconds) {
  if (done < whole / 20 || done >= whole) return "";
  const left = seconds * (whole - done) / done;
  return left < 60 ? "mindre än en minut kvar" : `ungefär ${Math.round(left / 60)} min kvar`;
}
