/**
 * The text with A to Z in lower case and everything else untouched: how addresses, hosts, media types, codes and
 * every other identity are folded before they are compared (FND-03). `toLowerCase()` folds by Unicode, so that the
 * Kelvin sign becomes a k and somebody else's name turns into ours. The database says the same as
 * `app_hidden.ascii_lower()`.
 */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}
