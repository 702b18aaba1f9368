import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const REPORTS: Readonly<Record<string, string>> = { "/berlin": "rain", "/rome": "sunshine" };

/** A weather service on this machine. */
export async function startWeatherServer(): Promise<AsyncDisposable & { readonly origin: string }> {
  const server = createServer((request, response) => {
    const report = REPORTS[request.url ?? ""];
    response.statusCode = report === undefined ? 404 : 200;
    response.end(report);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
