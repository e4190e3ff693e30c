import { once } from "node:events";
import { createServer, type RequestListener, request, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { MailDelayed, MailRefused } from "../port.ts";
import { type SesSettings, sesMailer } from "../ses.ts";
import { mail, mailerContract, type Vendor } from "./mailer_contract.ts";

// CommonJS with a default export: loaders disagree on what an import of it is.
const { default: sesLocal } = createRequire(import.meta.url)("aws-ses-v2-local") as {
  default: (config: { host: string; port: number }) => Promise<Server>;
};

const ours = {
  region: "eu-central-1",
  from: "no-reply@restartix.test",
  credentials: { accessKeyId: "a", secretAccessKey: "s" },
};

mailerContract("ses", startSesVendor);

describe("an answer of SES is read for what it says (FND-15)", () => {
  test.each([
    [400, "MessageRejected", MailRefused],
    [400, "BadRequestException", MailRefused],
    [400, "MailFromDomainNotVerifiedException", MailDelayed],
    [400, "AccountSuspendedException", MailDelayed],
    [400, "SendingPausedException", MailDelayed],
    [400, "LimitExceededException", MailDelayed],
    [429, "TooManyRequestsException", MailDelayed],
    [403, "SignatureDoesNotMatch", CredentialsRefused],
    [403, "AccessDeniedException", CredentialsRefused],
    [403, "AccessDenied", CredentialsRefused],
    [403, "UnrecognizedClientException", CredentialsRefused],
    [403, "InvalidClientTokenId", CredentialsRefused],
    [403, "InvalidSignatureException", CredentialsRefused],
    [403, "ExpiredTokenException", CredentialsRefused],
    [500, "InternalServiceErrorException", MailDelayed],
  ] as const)("%i %s", async (status, name, kind) => {
    let asked = 0;
    const error = await failureAt((_, response) => {
      asked += 1;
      awsError(response, status, name);
    });
    expect(error).toBeInstanceOf(kind);
    expect(error).toEqual(new kind(`ses ${name}`));
    // A repeat after a lost answer would be a second mail.
    expect(asked).toBe(1);
  });

  test("an answer without an id delays the mail, and so does a server that is silent, in time", async () => {
    expect(await failureAt((_, response) => answerWith(response, {}))).toEqual(
      new MailDelayed("ses answered without a message id"),
    );
    const begun = performance.now();
    expect(await failureAt(() => {}, { timeoutMs: 300 })).toEqual(new MailDelayed("ses TimeoutError"));
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  const failureAt = async (answer: RequestListener, changes: Partial<SesSettings> = {}) => {
    const server = createServer(answer);
    const mailer = sesMailer({ ...ours, endpoint: await listen(server), ...changes });
    const failure = await mailer.send(mail, { key: "k" }).catch((error: unknown) => error);
    mailer.close();
    await close(server);
    return failure;
  };
});

describe("whether the sender is verified is asked of SES (FND-15)", () => {
  type Identity = { VerifiedForSendingStatus: boolean };
  const asked: string[] = [];
  const ask = async (identities: Record<string, Identity | "secret">, account: object = {}, status = 200) => {
    asked.length = 0;
    const server = createServer((request, response) => {
      if (status !== 200) return awsError(response, status, "AccessDeniedException");
      const path = decodeURIComponent(request.url ?? "");
      const name = path.replace("/v2/email/identities/", "");
      if (name !== path) asked.push(name);
      const identity = identities[name];
      if (path === "/v2/email/account") return answerWith(response, account);
      if (identity === "secret") return awsError(response, 403, "AccessDeniedException");
      return identity ? answerWith(response, identity) : awsError(response, 404, "NotFoundException");
    });
    const mailer = sesMailer({ ...ours, from: "no-reply@mail.clinic.test", endpoint: await listen(server) });
    const problem = await mailer.check();
    mailer.close();
    await close(server);
    return problem;
  };
  const verified = { VerifiedForSendingStatus: true };

  test.each(["no-reply@mail.clinic.test", "mail.clinic.test", "clinic.test"])(
    "%s being verified is enough",
    async (identity) => {
      expect(await ask({ [identity]: verified })).toBeNull();
    },
  );

  test("an identity that waits for its DNS records, and one that SES does not know", async () => {
    expect(await ask({ "clinic.test": { VerifiedForSendingStatus: false } })).toMatchObject({
      reason: "sender_not_verified",
      advice: expect.stringMatching(/has not verified mail.clinic.test yet/),
    });
    expect(await ask({})).toMatchObject({
      reason: "sender_not_verified",
      advice: expect.stringMatching(/does not know mail.clinic.test/),
    });
  });

  test("the address, its domain and those above are asked for, and no ending that anybody may have", async () => {
    await ask({});
    expect(asked.sort()).toEqual(["clinic.test", "mail.clinic.test", "no-reply@mail.clinic.test"]);
  });

  test("nobody there says nothing about the keys", async () => {
    const mailer = sesMailer({ ...ours, endpoint: "http://127.0.0.1:9" });
    expect(await mailer.check()).toMatchObject({ reason: "unreachable" });
    mailer.close();
  });

  test("an account in the sandbox or paused, and one that may not ask", async () => {
    expect(await ask({ "clinic.test": verified }, { ProductionAccessEnabled: false })).toMatchObject({
      reason: "sending_not_allowed",
      advice: expect.stringMatching(/sandbox/),
    });
    expect(await ask({ "clinic.test": verified }, { SendingEnabled: false })).toMatchObject({
      reason: "sending_not_allowed",
      advice: expect.stringMatching(/paused/),
    });
    expect(await ask({ "clinic.test": "secret" })).toMatchObject({ reason: "credentials_refused" });
    expect(await ask({}, {}, 403)).toMatchObject({
      reason: "credentials_refused",
      advice: expect.stringMatching(/AccessDeniedException.*ses:GetEmailIdentity/),
    });
  });
});

/** aws-ses-v2-local, and before it a gate that can fail as Amazon does. */
async function startSesVendor(): Promise<Vendor> {
  const local = await sesLocal({ host: "127.0.0.1", port: 0 });
  const localPort = (local.address() as AddressInfo).port;
  const taken: Buffer[] = [];
  let how: Parameters<Vendor["behave"]>[0] = "well";

  const gate = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    if (how === "hangs up") return void incoming.socket.destroy();
    if (how === "is busy") return awsError(response, 429, "TooManyRequestsException");
    if (how === "refuses the mail") return awsError(response, 400, "MessageRejected");
    if (how === "refuses our login") return awsError(response, 403, "UnrecognizedClientException");
    const forwarded = request(
      {
        port: localPort,
        host: "127.0.0.1",
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      async (answer) => {
        const text = await buffer(answer);
        if (answer.statusCode === 200)
          taken.push(Buffer.from(JSON.parse(String(body)).Content.Raw.Data, "base64"));
        response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
      },
    );
    forwarded.end(body);
  });
  const mailer = sesMailer({ ...ours, endpoint: await listen(gate), timeoutMs: 5_000 });

  return {
    mailer,
    taken: async () => taken,
    behave(next) {
      how = next;
    },
    unreachable: () => sesMailer({ ...ours, endpoint: "http://127.0.0.1:9", timeoutMs: 2_000 }),
    async stop() {
      mailer.close();
      await Promise.all([close(gate), close(local)]);
    },
  };
}

function answerWith(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function awsError(response: ServerResponse, status: number, name: string): void {
  response
    .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": name })
    .end(JSON.stringify({ message: "for stefan@people.test" }));
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
