/** The program of a thread, by the address that the build gives it. */
declare module "*?worker&url" {
  const url: string;
  export default url;
}
