/** What is wrong with a tar; whoever reads a layer says which. */
export class TarFault extends Error {
  override readonly name = 'TarFault';
}
