import type { S3Settings } from "../../providers/storage/s3.ts";

/** The origin of the signed URLs of a bucket (providers/storage/s3.ts): files go there and come from there. */
export function originOfStore({ bucket, region, endpoint, pathStyle }: S3Settings): string {
  const { protocol, host } = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  // A certificate for all names of a domain does not cover one with a dot more.
  const inPath = pathStyle || (bucket.includes(".") && protocol === "https:");
  return inPath ? `${protocol}//${host}` : `${protocol}//${bucket}.${host}`;
}

/** From where videos of exercises are played beside the object store: the pull zone of a library at Bunny Stream. */
export function originsOfVideos(env: NodeJS.ProcessEnv): string[] {
  return env.BUNNY_STREAM_HOST ? [`https://${env.BUNNY_STREAM_HOST}`] : [];
}
