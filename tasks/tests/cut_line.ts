import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where the line ends: at what is asked, before it reaches the database, or at the answer, which never arrives. */
export type Cut = { asked: string; answered?: string };

export type CutLine = {
  url: string;
  /** Settles when the line was cut, once. */
  cut(where: Cut): Promise<void>;
  stop(): void;
};

/** A line to the database that is cut at one packet: for the client the backend died at that very moment. */
export async function startCutLine(databaseUrl: string): Promise<CutLine> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let next: (Cut & { done: () => void }) | undefined;

  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let asked = false;
    const end = () => {
      client.destroy();
      database.destroy();
    };
    const cutHere = () => {
      next?.done();
      next = undefined;
      end();
    };
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", end).on("close", end);
    }
    client.on("data", (data) => {
      if (next && data.includes(next.asked)) {
        if (next.answered === undefined) return cutHere();
        asked = true;
      }
      database.write(data);
    });
    database.on("data", (data) => {
      if (next?.answered !== undefined && asked && data.includes(next.answered)) return cutHere();
      client.write(data);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: url.href,
    cut: (where) => new Promise((done) => (next = { ...where, done })),
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
