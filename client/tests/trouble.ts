import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A network between a client and the API that can be told to fail: answers are lost after the API has given them. */
export type Trouble = {
  url: string;
  /** So many of the next answers are lost on their way. */
  lose(count: number): void;
  /** What has been asked, oldest first. */
  asked: { key: string | undefined; token: string | undefined }[];
  /** Cuts off every socket. */
  cut(): void;
  close(): Promise<void>;
};

export async function openTrouble(target: string): Promise<Trouble> {
  const { hostname, port } = new URL(target);
  const asked: Trouble["asked"] = [];
  const upgraded = new Set<Socket>();
  let toLose = 0;

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { "idempotency-key": key, authorization: token } = request.headers;
    asked.push({ key: key as string | undefined, token });
    const body = Buffer.concat(await Array.fromAsync(request));
    const headers = Object.entries(request.headers).filter(
      ([name]) => !/^(host|connection|content-length|accept-encoding|transfer-encoding)$/.test(name),
    );
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? "GET",
      headers: headers as [string, string][],
      ...(body.length > 0 ? { body } : {}),
    });
    const text = await answer.text();
    if (toLose > 0) {
      toLose -= 1;
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  };

  const server = createServer((request, response) => void pass(request, response));
  server.on("upgrade", (request, raw: Socket, head) => {
    const api = connect(Number(port), hostname, () => {
      const lines = request.rawHeaders.reduce(
        (text, part, index) => text + part + (index % 2 ? "\r\n" : ": "),
        "",
      );
      api.write(`GET ${request.url} HTTP/1.1\r\n${lines}\r\n`);
      api.write(head);
      raw.pipe(api).pipe(raw);
    });
    for (const socket of [raw, api]) {
      upgraded.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        upgraded.delete(socket);
        raw.destroy();
        api.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose: (count) => {
      toLose = count;
    },
    asked,
    cut: () => {
      for (const socket of upgraded) socket.destroy();
    },
    async close() {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
