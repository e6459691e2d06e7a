// The button that ends a session on a team's server.
import { call } from "./api.js";

document.getElementById("signout").addEventListener("click", async () => {
  await call("/signout", { method: "POST" });
  location.href = "/signin";
});
