/** A file of a package, by the address that it is served under. */
declare module "*?url" {
  const url: string;
  export default url;
}
