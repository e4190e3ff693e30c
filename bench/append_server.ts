import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Appender } from "../telemetry/buffer/appender.ts";

/** The least that a server of durable batches could do: it appends what comes and answers, and looks at nothing. */
const appender = await Appender.create(process.env.FILE ?? "");
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = await Array.fromAsync(request);
  await appender.append(Buffer.concat(pieces));
  response.end("{}");
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
