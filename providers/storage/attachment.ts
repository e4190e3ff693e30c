/**
 * A Content-Disposition that downloads under this name (RFC 6266): plain ASCII for old readers, the real name
 * in the extended form of RFC 5987, ș and ț included. Neither part can end the header or name a folder.
 */
export function attachment(filename: string): string {
  const name = filename
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
    .replaceAll(/[/\\]/g, "_")
    .toWellFormed();
  const plain = name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\w .()-]/g, "_");
  const extended = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${extended}`;
}
