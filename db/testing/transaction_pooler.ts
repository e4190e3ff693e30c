import { randomInt } from "node:crypto";
import { createServer, type Socket } from "node:net";
import pg from "pg";

/**
 * A pooler in transaction mode, as PgBouncer is with max_prepared_statements, for tests (SCA-01). A client has a
 * connection of the server from the first message of a transaction to its end, and the next transaction gets another
 * one, on purpose: connections wait in a queue, and whatever is left of a session is discarded as one goes back. What a
 * session would have kept (settings, LISTEN, advisory locks, temporary tables) is lost at once here, and some day there.
 */
export type TransactionPooler = {
  /** Where clients connect instead. */
  url: string;
  /** By client, the process ids of the server connections that its transactions had, in their order. */
  served: number[][];
  stop(): Promise<void>;
};

/** What PgBouncer takes of a client's startup; anything else ends the connection there, too. */
const startupParameters = new Set([
  ...["user", "database", "client_encoding", "application_name"],
  ...["datestyle", "timezone", "standard_conforming_strings"],
]);

const SSL_REQUEST = 80_877_103;
const PROTOCOL_3 = 196_608;

export async function startTransactionPooler(targetUrl: string, size: number): Promise<TransactionPooler> {
  const backends = await Promise.all(Array.from({ length: size }, () => Backend.open(targetUrl)));
  const queue = new Queue(backends);
  const served: number[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    const pids: number[] = [];
    served.push(pids);
    greet(socket, () => new Client(socket, queue, pids));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(targetUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    served,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(backends.map((backend) => backend.close()));
    },
  };
}

/** Those that nobody has: the one that was longest idle is given first. */
class Queue {
  readonly #idle: Backend[];
  readonly #waiting: ((backend: Backend) => void)[] = [];

  constructor(backends: Backend[]) {
    this.#idle = [...backends];
  }

  async take(): Promise<Backend> {
    return this.#idle.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  async giveBack(backend: Backend): Promise<void> {
    await backend.discardAll();
    const next = this.#waiting.shift();
    if (next) next(backend);
    else this.#idle.push(backend);
  }
}

/** A connection of the server: opened by the driver, which signs in, then spoken to in its own protocol. */
class Backend {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly pid: number;
  /** Who hears what it says. */
  hear: (type: string, frame: Buffer) => void = () => {};

  private constructor(client: pg.Client) {
    this.#client = client;
    const { connection, processID } = client as unknown as {
      connection: { stream: Socket };
      processID: number;
    };
    this.#socket = connection.stream;
    this.pid = processID;
    this.#socket.removeAllListeners("data");
    readFrames(this.#socket, (type, frame) => this.hear(type, frame));
  }

  static async open(url: string): Promise<Backend> {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    return new Backend(client);
  }

  send(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** Ends what is left of a transaction and of the session. */
  async discardAll(): Promise<void> {
    for (const command of ["rollback", "discard all"]) {
      await new Promise<void>((resolve) => {
        this.hear = (type) => type === "Z" && resolve();
        this.send(message("Q", `${command}\0`));
      });
    }
    this.hear = () => {};
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.#client.end().catch(() => {});
  }
}

/** One who connected: has a connection of the server while a transaction runs, and none between two. */
class Client {
  readonly #socket: Socket;
  readonly #queue: Queue;
  readonly #pids: number[];
  #backend: Backend | undefined;
  #taking = false;
  #unsent: { type: string; frame: Buffer }[] = [];
  /** Answers that are still to come: one for each query or sync. */
  #due = 0;
  /** What it has prepared: each connection of the server hears it when it is first needed there. */
  readonly #prepared = new Map<string, Buffer>();
  #known = new Set<string>();
  /** Of the answers to parse that are to come, which are to ours and not to the client's. */
  #parses: boolean[] = [];

  constructor(socket: Socket, queue: Queue, pids: number[]) {
    this.#socket = socket;
    this.#queue = queue;
    this.#pids = pids;
    readFrames(socket, (type, frame) => this.#receive(type, frame));
    socket.on("close", () => this.#release());
  }

  #receive(type: string, frame: Buffer): void {
    if (type === "X") return void this.#socket.end();
    this.#unsent.push({ type, frame });
    if (this.#backend) this.#forward(this.#backend);
    else if (!this.#taking) void this.#take();
  }

  async #take(): Promise<void> {
    this.#taking = true;
    const backend = await this.#queue.take();
    this.#taking = false;
    if (this.#socket.destroyed) return void this.#queue.giveBack(backend);
    this.#backend = backend;
    this.#pids.push(backend.pid);
    this.#known = new Set();
    backend.hear = (type, frame) => this.#answer(type, frame);
    this.#forward(backend);
  }

  #forward(backend: Backend): void {
    for (const { type, frame } of this.#unsent.splice(0)) {
      if (type === "P") this.#notePrepared(frame);
      else if (type === "B" || type === "D") this.#prepareFor(type, frame, backend);
      if (type === "Q" || type === "S" || type === "F") this.#due += 1;
      backend.send(frame);
    }
  }

  #notePrepared(frame: Buffer): void {
    const name = textAt(frame, 5);
    this.#parses.push(false);
    if (!name) return;
    this.#prepared.set(name, frame);
    this.#known.add(name);
  }

  #prepareFor(type: string, frame: Buffer, backend: Backend): void {
    if (type === "D" && frame[5] !== "S".charCodeAt(0)) return;
    const name = type === "D" ? textAt(frame, 6) : textAt(frame, 5 + textAt(frame, 5).length + 1);
    const parse = this.#prepared.get(name);
    if (!parse || this.#known.has(name)) return;
    this.#known.add(name);
    this.#parses.push(true);
    backend.send(parse);
  }

  #answer(type: string, frame: Buffer): void {
    if (type === "1" && this.#parses.shift()) return;
    this.#socket.write(frame);
    if (type !== "Z") return;
    this.#parses = [];
    this.#due -= 1;
    if (frame[5] === "I".charCodeAt(0) && this.#due === 0) this.#release();
  }

  #release(): void {
    const backend = this.#backend;
    this.#backend = undefined;
    this.#due = 0;
    if (backend) void this.#queue.giveBack(backend);
  }
}

/** Answers what a client says first; then it may ask. Nobody is asked for a password: it listens on this machine alone. */
function greet(socket: Socket, welcome: () => void): void {
  socket.once("data", (data: Buffer) => {
    const code = data.readInt32BE(4);
    if (code === SSL_REQUEST) {
      socket.write("N");
      return greet(socket, welcome);
    }
    if (code !== PROTOCOL_3) return void socket.destroy(); // to cancel is not what tests of it do
    const words = data.toString("utf8", 8, data.readInt32BE(0)).split("\0");
    const unknown = words.find(
      (word, at) => at % 2 === 0 && word && !startupParameters.has(word.toLowerCase()),
    );
    if (unknown) {
      const says = `unsupported startup parameter: ${unknown}`;
      return void socket.end(message("E", `SFATAL\0VFATAL\0C08P01\0M${says}\0\0`));
    }
    const status = (name: string, value: string) => message("S", `${name}\0${value}\0`);
    const key = Buffer.alloc(8);
    key.writeInt32BE(randomInt(2 ** 31 - 1), 0);
    key.writeInt32BE(randomInt(2 ** 31 - 1), 4);
    welcome();
    socket.write(
      Buffer.concat([
        message("R", Buffer.alloc(4)),
        ...[status("client_encoding", "UTF8"), status("standard_conforming_strings", "on")],
        ...[message("K", key), message("Z", "I")],
      ]),
    );
  });
}

function message(type: string, body: string | Buffer): Buffer {
  const content = Buffer.from(body as string);
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const textAt = (frame: Buffer, from: number): string => frame.toString("utf8", from, frame.indexOf(0, from));

/** Takes a stream apart into its messages: a letter, a length that counts itself, and what it says. */
function readFrames(socket: Socket, each: (type: string, frame: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 5 && rest.length >= rest.readInt32BE(1) + 1) {
      const end = rest.readInt32BE(1) + 1;
      const frame = rest.subarray(0, end);
      rest = rest.subarray(end);
      each(String.fromCharCode(frame[0] as number), frame);
    }
  });
}
