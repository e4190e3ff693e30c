import { connect, createServer, type Socket } from "node:net";

/** A line to a database server that a test watches, holds back and spoils: it knows the messages of the protocol, no more. */
export type Line = {
  /** Where clients connect instead. */
  url: string;
  /** What clients sent, one text a flight: what left before the server was heard again. */
  flights: string[];
  /** From the message on that contains these bytes nothing of its client passes, until it is let go. */
  holdBack(text: string): { reached: Promise<void>; letGo(): void };
  /** The next message with these bytes arrives with others, as many. */
  spoil(text: string, by: string): void;
  stop(): Promise<void>;
};

export async function openLine(targetUrl: string): Promise<Line> {
  const { hostname: host, port } = new URL(targetUrl);
  const flights: string[] = [];
  const sockets = new Set<Socket>();
  let held: { text: string; waiting: (() => void)[]; reached(): void } | undefined;
  let spoilt: { text: string; by: string } | undefined;

  const server = createServer({ noDelay: true }, (client) => {
    const backend = connect({ host, port: Number(port), noDelay: true });
    let isAnswered = true;
    let isHeld = false;
    const forward = (data: Buffer) => backend.write(data);
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(socket);
          client.destroy();
          backend.destroy();
        });
    }
    client.on("data", (data) => {
      const text = data.toString("latin1");
      flights.push(isAnswered ? text : `${flights.pop()}${text}`);
      isAnswered = false;
      if (held && (isHeld || text.includes(held.text))) {
        isHeld = true;
        held.reached();
        held.waiting.push(() => {
          isHeld = false;
          forward(data);
        });
      } else if (spoilt && text.includes(spoilt.text)) {
        forward(Buffer.from(text.replace(spoilt.text, spoilt.by), "latin1"));
        spoilt = undefined;
      } else forward(data);
    });
    backend.on("data", (data) => {
      isAnswered = true;
      client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(targetUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    flights,
    holdBack(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting: (() => void)[] = [];
      held = { text, waiting, reached: resolve };
      return {
        reached: promise,
        letGo() {
          held = undefined;
          for (const go of waiting) go();
        },
      };
    },
    spoil(text, by) {
      spoilt = { text, by };
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
