import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCutOff } from "../index.ts";

/** A name server that answers every question with this code; null: it is silent. */
let code: number | null = 0;
let asked = 0;
let socket: Socket;
let servers: string[];
beforeAll(async () => {
  socket = createSocket("udp4");
  socket.on("message", (question, { port, address }) => {
    asked += 1;
    if (code === null) return;
    const answer = Buffer.from(question);
    answer.writeUInt8(question.readUInt8(2) | 0x80, 2);
    answer.writeUInt8((question.readUInt8(3) & 0xf0) | code, 3);
    socket.send(answer, port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  servers = [`127.0.0.1:${socket.address().port}`];
});
afterAll(() => void socket.close());

test.each([
  ["has no such name", 3, false],
  ["has none of these records", 0, false],
  ["does not want to tell us", 5, false],
  ["gets nowhere itself", 2, true],
  ["is silent", null, true],
])("a name server that %s (WHK-02)", async (_, answer, expected) => {
  code = answer;
  expect(await createCutOff({ servers, timeoutMs: 100 })()).toBe(expected);
});

test("an answer is good for a while, for all who ask at once (WHK-02)", async () => {
  code = 3;
  asked = 0;
  const isCutOff = createCutOff({ servers });
  expect(await Promise.all([isCutOff(), isCutOff(), isCutOff()])).toEqual([false, false, false]);
  expect(asked).toBe(1);
});
