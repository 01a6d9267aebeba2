/** A QR code for a terminal, two rows of modules in each line. */
export async function qrCode(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(text, { ecc: "L", border: 1 });
}
