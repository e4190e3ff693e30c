import { startEmbedded } from "../../embedded/server.ts";

// A process of its own for startup.test.ts, which kills it: starts a server and stays.
const [, , dataDir, port] = process.argv;
const server = await startEmbedded(dataDir ? { dataDir, port: Number(port ?? 0) } : { temporary: true });
console.log(JSON.stringify({ pid: server.pid, adminUrl: server.adminUrl }));
setInterval(() => {}, 60_000);
