import { render } from "preact";

import { App } from "./app";
import type { Start } from "./start";
import { serveWorker } from "./worker";

// The page and its workers run the same script, so that the page is one file.
if (typeof document === "undefined") serveWorker();
else startPage();

function startPage(): void {
  const text = document.getElementById("program")?.textContent ?? "";
  const program = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const start = JSON.parse(document.getElementById("start")?.textContent ?? "null") as Start;
  const root = document.getElementById("app");
  if (root !== null) render(<App program={program} start={start} />, root);
}
