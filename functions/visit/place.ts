/** Where a photo of a visit lies in the bucket; it stays there. */
export function photoKey(
  visit: { readonly household: string; readonly id: string },
  photo: string,
): string {
  return `visits/${visit.household}/${visit.id}/${photo}`;
}
