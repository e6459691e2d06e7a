// The button that ends a session on a team's server.
import { call } from "./api.js";

document.getElementById("signout").addEventListener("click", async () => {
  const { provider } = await (await call("/signout", { method: "POST" })).json();
  location.href = provider ? `/signin?left=${encodeURIComponent(provider)}` : "/signin";
});
