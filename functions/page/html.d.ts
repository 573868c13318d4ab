/** The bundler hands over an HTML file as its text. */
declare module '*.html' {
  const text: string;
  export default text;
}
