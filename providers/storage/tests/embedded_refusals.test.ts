import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Refused, refuse } from "../embedded/answers.ts";

/** The codes with their statuses as https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html has them. */
const statuses: [Refused["code"], number][] = [
  ["AccessDenied", 403],
  ["AuthorizationHeaderMalformed", 400],
  ["BadDigest", 400],
  ["IncompleteBody", 400],
  ["InvalidAccessKeyId", 403],
  ["InvalidArgument", 400],
  ["InvalidDigest", 400],
  ["InvalidRange", 416],
  ["InternalError", 500],
  ["MethodNotAllowed", 405],
  ["MissingContentLength", 411],
  ["NoSuchBucket", 404],
  ["NoSuchKey", 404],
  ["NotImplemented", 501],
  ["PreconditionFailed", 412],
  ["RequestTimeTooSkewed", 403],
  ["SignatureDoesNotMatch", 403],
  ["XAmzContentSHA256Mismatch", 400],
];

let at: string;
const server = createServer((request, response) =>
  refuse(response, new Refused(request.url?.slice(1) as Refused["code"], `<no> & "never"`)),
);
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each(statuses)("%s is a %i, in words that are safe in XML (FND-13)", async (code, status) => {
  const response = await fetch(`${at}/${code}`);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/xml");
  expect(await response.text()).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${code}</Code><Message>&lt;no&gt; &amp; &quot;never&quot;</Message></Error>`,
  );
});
