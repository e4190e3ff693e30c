import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { describeFailure } from "../runtime/failure.ts";
import { protectiveHeaders } from "../runtime/protective_headers.ts";
import { serverPatience } from "../runtime/server_patience.ts";
import { RenderDelayed, RenderRefused } from "./refusals.ts";
import type { Renders } from "./renders.ts";
import { renderRequest } from "./request.ts";

/** The largest request that is read, in bytes. */
const LARGEST_REQUEST = 16 * 1024;
/** When one that found no place is told to come again, in seconds. */
const AGAIN = 15;

const protect = protectiveHeaders();

type Answer = { status: number; body: object; headers?: Record<string, string> };

/** `POST /v1/renders` for whoever has the secret that composer and worker share. EXL-05. */
export function composerServer({
  secret,
  renders,
  log,
  noteOutcome,
}: {
  secret: string;
  renders: Renders;
  log: Logger;
  noteOutcome(outcome: string, seconds: number): void;
}): Server {
  const isSecret = secretCheck(secret);
  return createServer(serverPatience, (request, response) => {
    protect(request, response);
    answer(request)
      .catch((error): Answer => {
        log.error({ error: describeFailure(error) }, "a render failed");
        return problem(500, "the composer failed; its log says why");
      })
      .then((answered) => send(response, answered));
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (request.url !== "/v1/renders") return problem(404, "there is POST /v1/renders");
    if (!isSecret(request.headers.authorization)) {
      return { ...problem(401, "the secret is not known"), headers: { "www-authenticate": "Bearer" } };
    }
    if (request.method !== "POST") return { ...problem(405, "POST it"), headers: { allow: "POST" } };
    const body = await read(request);
    if (body === null) return problem(413, "the request is too large");
    const { data, error } = renderRequest.safeParse(jsonOf(body));
    if (!data)
      return problem(400, `${error.issues[0]?.path.join(".") || "request"}: ${error.issues[0]?.message}`);

    const startedAt = performance.now();
    const outcome = await renders.render(data).then(
      (rendered): [string, Answer] => ["rendered", { status: 200, body: rendered }],
      (failure: unknown): [string, Answer] => {
        if (failure instanceof RenderRefused) return ["refused", problem(422, failure.message)];
        if (failure instanceof RenderDelayed) {
          return ["delayed", { ...problem(503, failure.message), headers: { "retry-after": String(AGAIN) } }];
        }
        noteOutcome("failed", 0);
        throw failure;
      },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    noteOutcome(outcome[0], seconds);
    log.info({ exercise: data.exercise, language: data.language, outcome: outcome[0], seconds }, "render");
    return outcome[1];
  }
}

function problem(status: number, text: string): Answer {
  return { status, body: { problem: text } };
}

/** Whether a header brings the secret: compared by digests, so that neither its length nor where it differs shows in the time. */
function secretCheck(secret: string): (header: string | undefined) => boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const known = digest(`Bearer ${secret}`);
  return (header) => timingSafeEqual(digest(header ?? ""), known);
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= LARGEST_REQUEST) pieces.push(piece);
  }
  return size > LARGEST_REQUEST ? null : Buffer.concat(pieces);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers })
    .end(JSON.stringify(body));
}
