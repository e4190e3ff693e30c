import { expect, test } from "vitest";
import { type S3Settings, s3Store } from "../../../providers/storage/s3.ts";
import { originOfStore } from "../origin_of_store.ts";

const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
const settings: S3Settings[] = [
  { bucket: "files", region: "eu-central-1", credentials },
  { bucket: "files.of.ours", region: "eu-central-1", credentials },
  { bucket: "files", region: "eu-central-1", endpoint: "https://s3.example.com:9000", credentials },
  {
    bucket: "files",
    region: "eu-central-1",
    endpoint: "http://localhost:4090",
    pathStyle: true,
    credentials,
  },
];

test.each(settings)("FND-13: a page may ask where the URLs of its files lead: %o", async (one) => {
  const store = s3Store(one);
  const { url } = await store.presignUpload("key", {
    contentType: "application/pdf",
    size: 1,
    sha256: Buffer.alloc(32),
    expiresInSeconds: 60,
  });
  store.close();
  expect(originOfStore(one)).toBe(new URL(url).origin);
});
