// Starts processes: several processes make the same file at once.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { KmsUnavailable, openKms } from "../index.ts";
import { addMasterKey, readMasterKeys } from "../master_key_file.ts";
import { readKmsConfig } from "../settings.ts";

const root = mkdtempSync(path.join(tmpdir(), "restartix-master-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function freshFile(): string {
  count += 1;
  return path.join(root, `place ${count}`, "master.keys");
}

describe("the file of the local master key (FND-11)", () => {
  test("is made once, readable by its owner only, in a folder of its owner", () => {
    const file = freshFile();
    const [key] = readMasterKeys(file, { create: true });
    expect(key?.key).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(readMasterKeys(file, { create: true })).toEqual([key]);
    expect(readdirSync(path.dirname(file))).toEqual(["master.keys"]);
  });

  test("holds keys by eight bytes of their digest, and passes over whatever else stands there", () => {
    const file = freshFile();
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const line = (
      key: Buffer,
      id = createHash("sha256").update("restartix master key").update(key).digest("hex"),
    ) => `${id.slice(0, 16)} ${key.toString("base64")} 2027-03-08T07:00:00.000Z\n`;
    const [old, present, short] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(16, 3)];
    const lines = [
      "# a comment\n",
      "\n",
      line(old),
      line(short),
      line(Buffer.alloc(32, 4), "0".repeat(16)),
      line(present),
    ];
    writeFileSync(file, lines.join(""), { mode: 0o600 });
    expect(readMasterKeys(file, { create: false }).map(({ key }) => key)).toEqual([old, present]);
    for (const { id } of readMasterKeys(file, { create: false })) expect(id).toHaveLength(8);
  });

  test("is added to only where it is in order, and leaves nothing open", () => {
    const file = freshFile();
    expect(() => addMasterKey(file)).toThrow("must be a file that exists");
    expect(existsSync(file)).toBe(false);
    readMasterKeys(file, { create: true });
    const text = readFileSync(file, "utf8");
    chmodSync(file, 0o644);
    expect(() => addMasterKey(file)).toThrow("must be private");
    expect(readFileSync(file, "utf8")).toBe(text);
    chmodSync(file, 0o600);
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    for (let times = 0; times < 5; times++) addMasterKey(file);
    readMasterKeys(freshFile(), { create: true });
    expect(open()).toBe(before);
    expect(readFileSync(file, "utf8")).not.toContain("\n\n");
  });

  test("is told when it cannot be read, or be made", () => {
    const file = freshFile();
    readMasterKeys(file, { create: true });
    const below = path.join(file, "master.keys");
    expect(() => readMasterKeys(below, { create: true })).toThrow(
      new ConfigError(`MASTER_KEY_FILE must be readable: ${below} is not (ENOTDIR).`),
    );
    expect(() => readMasterKeys("/proc/nowhere/master.keys", { create: true })).toThrow(
      new ConfigError(
        "MASTER_KEY_FILE must be in a folder that we can write to: /proc/nowhere is not (ENOENT).",
      ),
    );
  });

  test("is never made where it must exist", () => {
    expect(() => readMasterKeys(freshFile(), { create: false })).toThrow(
      /^MASTER_KEY_FILE must be a file that exists/,
    );
  });

  test("four processes that come first at the same moment agree on one key", async () => {
    const file = freshFile();
    const program = `
      const { readMasterKeys } = await import(${JSON.stringify(new URL("../master_key_file.ts", import.meta.url).href)});
      console.log(readMasterKeys(process.argv[1], { create: true }).map(({ id }) => id.toString("hex")).join());`;
    const script = Array.from(
      { length: 4 },
      () => `"${process.execPath}" --input-type=module -e '${program}' "${file}" &`,
    ).join("\n");
    const { stdout, stderr } = spawnSync("sh", ["-c", `${script}\nwait`], { encoding: "utf8" });
    const answers = stdout.trim().split("\n");
    expect(answers, stderr).toHaveLength(4);
    expect(new Set(answers).size).toBe(1);
  });

  test.each([0o640, 0o604, 0o660, 0o666])("is refused with mode %o, saying what to do", (mode) => {
    const file = freshFile();
    readMasterKeys(file, { create: true });
    chmodSync(file, mode);
    expect(() => readMasterKeys(file, { create: true })).toThrow(
      new ConfigError(
        `MASTER_KEY_FILE must be private: ${file} has mode ${mode.toString(8)}; run chmod 600 ${file}.`,
      ),
    );
  });

  test.each([0o777, 0o720, 0o702])("is refused in a folder where others may replace it: mode %o", (mode) => {
    const file = freshFile();
    readMasterKeys(file, { create: true });
    chmodSync(path.dirname(file), mode);
    expect(() => readMasterKeys(file, { create: true })).toThrow(
      new RegExp(`has mode ${mode.toString(8)}; run chmod 700`),
    );
  });

  test("may lie where others look, as long as they cannot replace it", () => {
    const file = freshFile();
    readMasterKeys(file, { create: true });
    chmodSync(path.dirname(file), 0o755);
    expect(readMasterKeys(file, { create: true })).toHaveLength(1);
  });

  test.runIf(process.getuid?.() === 0)("is refused when it belongs to somebody else", () => {
    const file = freshFile();
    readMasterKeys(file, { create: true });
    chownSync(file, 65_534, 65_534);
    expect(() => readMasterKeys(file, { create: true })).toThrow(/belongs to user 65534, and this is user 0/);
  });

  test("keeps the older keys when one is added, and passes over a line that a crash tore", () => {
    const file = freshFile();
    const [first] = readMasterKeys(file, { create: true });
    writeFileSync(file, "0123456789abcdef dG9ybg", { flag: "a" });
    expect(readMasterKeys(file, { create: false })).toEqual([first]);
    addMasterKey(file);
    const keys = readMasterKeys(file, { create: false });
    expect(keys).toHaveLength(2);
    expect(keys[0]).toEqual(first);
    expect(readFileSync(file, "utf8")).toMatch(/^# Master keys of RestartiX/);
  });

  test("without a key in it is refused", () => {
    const file = freshFile();
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, "# nothing\n", { mode: 0o600 });
    expect(() => readMasterKeys(file, { create: true })).toThrow(/must hold a master key/);
  });

  test("that goes bad while the process runs is a KMS that cannot be asked", async () => {
    const file = freshFile();
    const kms = openKms({ provider: "local", file, create: true });
    const { wrapped } = await kms.generateDataKey({ a: "b" });
    chmodSync(file, 0o644);
    await expect(kms.unwrap(wrapped, { a: "b" })).rejects.toThrow(KmsUnavailable);
    rmSync(file);
    await expect(kms.generateDataKey({})).rejects.toThrow(KmsUnavailable);
  });
});

describe("the environment chooses the master key (FND-30)", () => {
  test("without any setting it is a file in the data folder", () => {
    expect(readKmsConfig({})).toEqual({ provider: "local", file: ".data/keys/master.keys", create: true });
    expect(readKmsConfig({ DATA_DIR: "/data", MASTER_KEY_FILE: "k" })).toMatchObject({ file: "k" });
  });

  test("AWS is chosen by name", () => {
    const env = {
      KMS_PROVIDER: "aws",
      KMS_KEY_ID: "alias/a",
      AWS_REGION: "eu-central-1",
      KMS_OLD_KEY_IDS: "b, c",
    };
    const config = { provider: "aws", keyId: "alias/a", oldKeyIds: ["b", "c"], region: "eu-central-1" };
    expect(readKmsConfig(env)).toStrictEqual(config);
    const endpoint = "https://kms.example";
    expect(readKmsConfig({ ...env, KMS_ENDPOINT: endpoint })).toStrictEqual({ ...config, endpoint });
  });

  test.each([
    [{ KMS_PROVIDER: "vault" }, "KMS_PROVIDER must be aws or local."],
    [
      { KMS_PROVIDER: "aws", AWS_REGION: "eu-central-1" },
      "KMS_KEY_ID must be the id, ARN or alias of a symmetric key in AWS KMS.",
    ],
    [{ KMS_PROVIDER: "aws", KMS_KEY_ID: "a" }, "AWS_REGION must be an AWS region."],
    [{ APP_MODE: "production" }, "KMS_PROVIDER must be aws or local."],
    [
      { APP_MODE: "production", KMS_PROVIDER: "local" },
      "MASTER_KEY_FILE must be a file that holds the master key.",
    ],
  ])("%j is told in one line", (env, line) => {
    expect(() => readKmsConfig(env)).toThrow(new ConfigError(line));
  });

  test.each([{ APP_MODE: "production", KMS_PROVIDER: "local" }, { APP_MODE: "embedded" }, {}])(
    "a file that is named and not there is not made, nor its folder (FND-36): %j",
    (env) => {
      const file = path.join(path.dirname(freshFile()), "none", "master.keys");
      const config = readKmsConfig({ ...env, MASTER_KEY_FILE: file });
      expect(() => openKms(config)).toThrow(/must be a file that exists/);
      expect(existsSync(path.dirname(file))).toBe(false);
    },
  );
});
