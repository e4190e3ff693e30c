import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { mailboxAccount } from "../account.ts";
import { newBrowserKeys, openPush } from "../browser.ts";
import { capturesMail } from "../captures_mail.ts";
import { KeptFiles, keptAt } from "../kept_files.ts";
import { KeptRecords } from "../kept_records.ts";
import { Mails } from "../mails.ts";
import { html } from "../markup.ts";
import { seal } from "./seal.ts";

const place = mkdtempSync(path.join(tmpdir(), "mailbox-parts-"));
afterAll(() => rmSync(place, { recursive: true }));
let folders = 0;
const newFolder = () => {
  const folder = path.join(place, String(++folders));
  mkdirSync(folder);
  return folder;
};

describe("what of the environment the mailbox answers for (FND-15)", () => {
  test.each([
    [{}, 4025],
    [{ SMTP_URL: "smtp://localhost:2525", EMAIL_PROVIDER: "smtp" }, 2525],
    [{ SMTP_URL: "smtp://127.0.0.1" }, 25],
    [{ SMTP_URL: "smtps://localhost:465" }, null],
    [{ SMTP_URL: "smtp://mail.example:25" }, null],
    [{ EMAIL_PROVIDER: "ses" }, null],
  ])("mail of %j arrives at port %j", (env, port) => expect(capturesMail(env)).toBe(port));

  test("its account is kept in the data folder, and is at the port of its pages", () => {
    const folder = newFolder();
    expect(mailboxAccount({ DATA_DIR: folder }).apiUrl).toBe("http://127.0.0.1:4080");
    expect(mailboxAccount({ DATA_DIR: folder, MAILBOX_PORT: "4999" }).apiUrl).toBe("http://127.0.0.1:4999");
    expect(readdirSync(path.join(folder, "keys"))).toEqual(["outbox_auth_token"]);
  });
});

describe("a push message is opened as a browser does (FND-15)", () => {
  test("its padding is taken off, and a record that is not the last one is none", () => {
    const keys = newBrowserKeys();
    expect(openPush(seal("hello\x02", keys), keys).toString()).toBe("hello");
    expect(openPush(seal("hello\x02\0\0", keys), keys).toString()).toBe("hello");
    for (const plain of ["hello\x01", "hello\x03\0", "\0\0"]) {
      expect(() => openPush(seal(plain, keys), keys)).toThrow("not the last record");
    }
    expect(() => openPush(seal("hello\x02", newBrowserKeys()), keys)).toThrow();
  });
});

describe("files are kept, the newest of them (FND-15)", () => {
  const idOf = (n: number) => `${String(n).padStart(15, "0")}-0123456789ab`;

  test("those of its own names, in the order of their time, are there again", async () => {
    const folder = newFolder();
    for (const n of [3, 1, 5, 2, 4]) writeFileSync(path.join(folder, `${idOf(n)}.txt`), String(n));
    for (const other of ["notes.txt", `${idOf(9)}.eml`, `${idOf(9)}-more.txt`]) {
      writeFileSync(path.join(folder, other), "");
    }
    const forgotten: string[] = [];
    const files = await KeptFiles.open(folder, ".txt", 4, { forgotten: (id) => forgotten.push(id) });
    expect(files.ids).toEqual([5, 4, 3, 2].map(idOf));
    expect(forgotten).toEqual([idOf(1)]);
    expect(readdirSync(folder)).not.toContain(`${idOf(1)}.txt`);
    expect(String(await files.read(idOf(3)))).toBe("3");
    for (const unknown of [idOf(1), idOf(9), "../1"]) expect(await files.read(unknown)).toBeUndefined();
  });

  test("a new one is its owner's alone, stands by its time, and may be written anew while it is there", async () => {
    const folder = newFolder();
    const later = `${"9".repeat(15)}-0123456789ab`;
    writeFileSync(path.join(folder, `${later}.txt`), "later");
    const files = await KeptFiles.open(folder, ".txt", 2);
    const before = Date.now();
    const id = await files.add("one");
    expect(files.ids).toEqual([later, id]);
    expect(Date.parse(keptAt(id))).toBeGreaterThanOrEqual(before);
    expect(statSync(path.join(folder, `${id}.txt`)).mode & 0o777).toBe(0o600);
    await files.replace(id, "other");
    expect(String(await files.read(id))).toBe("other");
    await files.replace(idOf(1), "nothing");
    expect(readdirSync(folder).sort()).toEqual([`${id}.txt`, `${later}.txt`]);
    await files.add("two");
    expect(readdirSync(folder)).toHaveLength(2);
    expect(keptAt(later)).toBe(new Date(999_999_999_999_999).toISOString());
    expect(await files.read(id)).toBeUndefined();
    // Somebody tidies the folder by hand, and the next one comes all the same.
    for (const file of readdirSync(folder)) rmSync(path.join(folder, file));
    await files.add("three");
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("a record that somebody took away by hand is not listed, and one is changed in its place", async () => {
    const folder = newFolder();
    const records = await KeptRecords.open<{ n: number }>(folder, 5);
    const one = await records.add({ n: 1 });
    const two = await records.add({ n: 2 });
    await records.change({ ...one, n: 3 });
    expect(await records.read(one.id)).toEqual({ n: 3, id: one.id, receivedAt: keptAt(one.id) });
    rmSync(path.join(folder, `${two.id}.json`));
    expect(await records.list()).toEqual([{ ...one, n: 3 }]);
    expect(await records.read("nothing")).toBeUndefined();
  });
});

describe("a mail is told by what it has (FND-15)", () => {
  test("one without any header has none of them, and groups have no address", async () => {
    const folder = newFolder();
    const mails = await Mails.open(folder, 5);
    const bare = await mails.add(Buffer.from("\r\nhello"));
    expect((await mails.read(bare))?.summary).toEqual({
      id: bare,
      receivedAt: keptAt(bare),
      messageId: "",
      from: "",
      to: [],
      subject: "",
      text: "hello",
      attachments: [],
    });
    const empty = await mails.add(Buffer.from("Subject: nothing\r\n\r\n"));
    expect((await mails.read(empty))?.summary.text).toBe("");
    const group = await mails.add(
      Buffer.from("To: Friends: ann@people.test;\r\nTo: ben@people.test\r\n\r\nx"),
    );
    expect((await mails.read(group))?.summary.to).toEqual(["", "ben@people.test"]);
    rmSync(path.join(folder, `${bare}.eml`));
    expect((await mails.list()).map(({ id }) => id)).toEqual([group, empty].sort().reverse());
    expect(await mails.read("nothing")).toBeUndefined();
  });

  test("only parts with a name are files", async () => {
    const mails = await Mails.open(newFolder(), 5);
    const part = (disposition: string) =>
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: ${disposition}\r\n\r\nabc\r\n`;
    const id = await mails.add(
      Buffer.from(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part("attachment")}${part('attachment; filename="a.bin"')}--b--\r\n`,
      ),
    );
    expect((await mails.list())[0]?.attachments).toEqual([
      { index: 0, name: "a.bin", contentType: "application/octet-stream", size: 3 },
    ]);
    expect((await mails.read(id))?.parsed.attachments).toHaveLength(2);
  });
});

test("values are escaped in HTML, except what was made the same way (FND-15)", () => {
  const inner = html`<b>${"&<>\"'"}</b>`;
  expect(inner.text).toBe("<b>&amp;&lt;&gt;&quot;&#39;</b>");
  expect(html`${inner}${[inner, inner]}${7}`.text).toBe(`${inner.text.repeat(3)}7`);
});
