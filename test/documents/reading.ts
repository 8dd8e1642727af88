import { getDocumentProxy } from "unpdf";

/** A piece of text where it stands on its page, in points from the left; `right` is where it ends. */
export interface PlacedText {
  readonly text: string;
  readonly right: number;
}

/** What a PDF reader makes of a file: its pages' pieces of text, and what it says of itself. */
export async function read(file: Uint8Array) {
  // The reader takes the bytes away from whoever had them.
  const document = await getDocumentProxy(file.slice());
  const pages: PlacedText[][] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(
      items.flatMap((item) =>
        "str" in item && item.str.trim() !== ""
          ? [{ text: item.str, right: Number(item.transform[4]) + item.width }]
          : [],
      ),
    );
  }
  const { info } = await document.getMetadata();
  return { pages, texts: pages.map((page) => page.map(({ text }) => text)), info };
}
