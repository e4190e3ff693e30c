import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { isEmbedded, objectsPort, storageSettings } from "../index.ts";

describe("the environment says where objects lie, and how they are reached (FND-13, FND-30)", () => {
  const bucket = { S3_BUCKET: "clinics", S3_REGION: "eu-central-1" };
  const production = { APP_MODE: "production", ...bucket };

  test("on this machine where no bucket is named, and never in production", () => {
    expect(isEmbedded({})).toBe(true);
    expect(isEmbedded(bucket)).toBe(false);
    expect(isEmbedded({ APP_MODE: "production" })).toBe(false);
    expect(storageSettings({ OBJECTS_PORT: "4999" })).toMatchObject({
      bucket: "restartix",
      endpoint: "http://localhost:4999",
      pathStyle: true,
    });
  });

  test.each<[object, object]>([
    [{}, { pathStyle: false }],
    [{ S3_PATH_STYLE: "true" }, { pathStyle: true }],
    [{ S3_PATH_STYLE: "false" }, { pathStyle: false }],
    [
      { S3_REGION: "", AWS_REGION: "eu-west-1" },
      { region: "eu-west-1", pathStyle: false },
    ],
    [{ S3_ENDPOINT: "https://s3.example.com" }, { endpoint: "https://s3.example.com", pathStyle: false }],
    [{ S3_ENDPOINT: "http://127.0.0.1:9000" }, { endpoint: "http://127.0.0.1:9000", pathStyle: false }],
    [
      { S3_ACCESS_KEY_ID: "a", S3_SECRET_ACCESS_KEY: "b" },
      { credentials: { accessKeyId: "a", secretAccessKey: "b" }, pathStyle: false },
    ],
  ])("in production with %j", (env, settings) => {
    expect(storageSettings({ ...production, ...env })).toStrictEqual({
      bucket: "clinics",
      region: "eu-central-1",
      ...settings,
    });
  });

  test("elsewhere an S3 of the network may be spoken to in the clear, in production it may not", () => {
    const S3_ENDPOINT = "http://minio.internal:9000";
    expect(storageSettings({ ...bucket, S3_ENDPOINT }).endpoint).toBe(S3_ENDPOINT);
    expect(() => storageSettings({ ...production, S3_ENDPOINT })).toThrow(
      new ConfigError("S3_ENDPOINT must be an https URL: files would travel in the clear."),
    );
  });

  test.each([{ S3_ACCESS_KEY_ID: "a" }, { S3_SECRET_ACCESS_KEY: "b" }])("half a key is none: %j", (env) => {
    expect(() => storageSettings({ ...production, ...env })).toThrow(
      new ConfigError("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together, or not at all."),
    );
  });

  test("a port is one between 1 and 65535", () => {
    expect([{}, { OBJECTS_PORT: "1" }, { OBJECTS_PORT: "65535" }].map(objectsPort)).toEqual([
      4090, 1, 65_535,
    ]);
    for (const OBJECTS_PORT of ["0", "65536", "1.5", "x"]) {
      expect(() => objectsPort({ OBJECTS_PORT })).toThrow(
        new ConfigError("OBJECTS_PORT must be a port number between 1 and 65535."),
      );
    }
  });
});
