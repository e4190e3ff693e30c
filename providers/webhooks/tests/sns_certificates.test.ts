import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askSns, SnsRefused } from "../sns_ask.ts";
import { NoCertificate, snsCertificates } from "../sns_certificates.ts";
import { certificate, notice, posted, privateKey } from "./sns_topic.ts";
import { forgetSns, newVerifier, outcome, refused, sns } from "./sns_verifier.ts";

beforeEach(forgetSns);

describe("certificates are asked for with measure (FND-25)", () => {
  const withName = (number: number) => {
    const name = number.toString(16).padStart(32, "0");
    return notice({
      SigningCertURL: `https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-${name}.pem`,
    });
  };

  test("a name that SNS does not know is refused, one that cannot be asked now is told as our fault", async () => {
    sns.answer = () => Promise.reject(new SnsRefused("sns answers 404"));
    expect(await outcome(newVerifier().verify(posted(notice())))).toEqual(refused("signature_invalid"));

    const verifier = newVerifier();
    sns.answer = () => Promise.reject(new Error("the line is down"));
    expect(await outcome(verifier.verify(posted(notice())))).toEqual(new Error("the line is down"));
    sns.answer = async () => certificate;
    expect(await verifier.verify(posted(notice()))).not.toBeNull();
  });

  test("a notice with a good certificate is taken while others invent names (FND-35)", async () => {
    const verifier = newVerifier();
    await verifier.verify(posted(notice()));
    sns.answer = () => Promise.reject(new SnsRefused("sns answers 404"));
    for (let number = 1; number <= 50; number += 1) await outcome(verifier.verify(posted(withName(number))));
    expect(await verifier.verify(posted(notice()))).not.toBeNull();
    expect(sns.asked.length).toBeLessThan(30);
  });

  test("invented names cost little, and stand in nobody's way (FND-35)", async () => {
    let clock = Date.parse("2027-03-08T07:00:00Z");
    const questions: string[] = [];
    const good = new Set<string>(["known", "new"]);
    const certificateAt = snsCertificates(
      async (url) => {
        questions.push(url);
        if (good.has(url)) return certificate;
        throw new SnsRefused("sns answers 404");
      },
      () => clock,
    );
    await certificateAt("known");
    const flood = async () => {
      for (let number = 1; number <= 50; number += 1)
        await outcome(certificateAt(`invented ${clock} ${number}`));
    };
    await flood();
    expect(questions).toHaveLength(20);
    // What is known is known, however many are invented, and asked about no more.
    for (let minute = 0; minute < 5; minute += 1) {
      await flood();
      expect(await certificateAt("known")).toBeDefined();
      clock += 60_000;
    }
    expect(questions.filter((url) => url === "known")).toHaveLength(1);
    // A new one is not called a forgery while questions are used up: SNS sends again, and a second later it is asked for.
    await flood();
    expect(await outcome(certificateAt("new"))).toMatchObject({
      code: "UNAVAILABLE",
      reason: "certificates_busy",
    });
    clock += 1_000;
    expect(await certificateAt("new")).toBeDefined();
  });

  test("twenty questions in a row, two a second, and fifty certificates are known", async () => {
    let clock = 0;
    const questions: string[] = [];
    const certificateAt = snsCertificates(
      async (url) => {
        questions.push(url);
        return certificate;
      },
      () => clock,
    );
    const learn = async (from: number, to: number) => {
      for (let number = from; number <= to; number += 1) await outcome(certificateAt(`name ${number}`));
    };
    await learn(1, 30);
    expect(questions).toHaveLength(20);
    clock += 1_000;
    await learn(1, 30);
    expect(questions).toHaveLength(22);
    clock += 3_600_000;
    await learn(1, 42);
    expect(questions).toHaveLength(42);
    clock += 3_600_000;
    await learn(1, 50);
    await learn(1, 50);
    expect(questions).toHaveLength(50);
    await learn(51, 51);
    await learn(2, 51);
    expect(questions).toHaveLength(51);
    await learn(1, 1);
    expect(questions).toHaveLength(52);
  });

  test("what is no certificate is remembered as nobody's, for a minute to the millisecond", async () => {
    let clock = 0;
    let questions = 0;
    const certificateAt = snsCertificates(
      async () => {
        questions += 1;
        return "no certificate";
      },
      () => clock,
    );
    expect(await outcome(certificateAt("x"))).toEqual(new NoCertificate("not a certificate"));
    clock = 59_999;
    expect(await outcome(certificateAt("x"))).toEqual(new NoCertificate("nobody's certificate"));
    expect(questions).toBe(1);
    clock = 60_000;
    await outcome(certificateAt("x"));
    expect(questions).toBe(2);
    const refusing = snsCertificates(() => Promise.reject(new SnsRefused("sns answers 404")));
    expect(await outcome(refusing("x"))).toEqual(new NoCertificate("sns answers 404"));
  });

  test("a name that is nobody's is remembered for a minute, and a line that is down is not", async () => {
    let clock = 0;
    let questions = 0;
    let failure: Error = new SnsRefused("sns answers 404");
    const certificateAt = snsCertificates(
      async () => {
        questions += 1;
        throw failure;
      },
      () => clock,
    );
    for (let times = 0; times < 5; times += 1) {
      expect(await outcome(certificateAt("nobody's"))).toBeInstanceOf(NoCertificate);
    }
    expect(questions).toBe(1);
    clock = 61_000;
    failure = new Error("ECONNRESET");
    for (let times = 0; times < 3; times += 1) expect(await outcome(certificateAt("nobody's"))).toBe(failure);
    expect(questions).toBe(4);
  });
});

describe("SNS is asked over https, with bounds (FND-25)", () => {
  let how: "well" | "redirects" | "talks without end" = "well";
  const server = createServer({ cert: certificate, key: privateKey }, (_, response) => {
    if (how === "redirects") return void response.writeHead(302, { location: "https://evil.test/" }).end();
    if (how === "well") return void response.end(certificate);
    const talking = setInterval(() => response.write("x".repeat(50_000)), 1);
    response.once("close", () => clearInterval(talking));
  });
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = (options: { ca?: string } = { ca: certificate }) =>
    askSns(`https://localhost:${(server.address() as AddressInfo).port}/`, options);

  test("what it answers comes back", async () => {
    how = "well";
    expect(await ask()).toBe(certificate);
  });

  test("nothing is asked without TLS", async () => {
    expect(await outcome(askSns("http://localhost:9/"))).toEqual(new SnsRefused("sns is asked over https"));
  });

  test("a redirect, an answer without end, and a server that cannot prove who it is come to nothing", async () => {
    how = "redirects";
    expect(await outcome(ask())).toEqual(new SnsRefused("sns answers 302"));
    how = "talks without end";
    expect(await outcome(ask())).toEqual(new SnsRefused("sns answers without end"));
    how = "well";
    expect(await outcome(ask({}))).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});
