import { describe, expect, it } from 'vitest';
import { barePicture } from '../../functions/visit/picture.ts';
import { jpegOf, pngOf, position, segment, webpOf } from '../support/picture.ts';

function bare(file: Uint8Array): Buffer {
  const picture = barePicture(file);
  if (!picture) throw new Error('no picture');
  return Buffer.from(picture.bytes);
}

describe('the picture of a photo', () => {
  it('of a phone loses its position, its description and what follows it, and keeps its colours and which way up it is', () => {
    const colours = segment(0xe2, 'ICC_PROFILE\0colours');
    const file = jpegOf({
      before: [position(6), segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0GPS'), colours],
      after: 'film of 26.2,119.5',
    });
    const picture = barePicture(file);
    expect(picture?.type).toBe('image/jpeg');
    const kept = bare(file).toString('latin1');
    for (const word of ['GPS', 'film', '119.5'])
      expect([word, kept.includes(word)]).toEqual([word, false]);
    expect(kept).toContain('ICC_PROFILE\0colours');
    expect(bare(file)).toEqual(jpegOf({ before: [position(6, ''), colours] }));
    // Taken again it is the same.
    expect(bare(bare(file))).toEqual(bare(file));
  });

  it('keeps which way up it is in either order of bytes, past filled-up markers', () => {
    const entries = '\x0f\x01\x02\0\x01\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0';
    const little = segment(0xe1, `Exif\0\0II*\0\x08\0\0\0\x02\0${entries}\0\0\0\0GPS`);
    expect(bare(jpegOf({ before: [Buffer.from([0xff]), little] }))).toEqual(
      jpegOf({ before: [position(8, '')] }),
    );
  });

  it('that was taken upright, or of which nobody can tell, says nothing of it', () => {
    expect(bare(jpegOf({ before: [position(1)] }))).toEqual(jpegOf());
    expect(bare(jpegOf({ before: [segment(0xe1, 'Exif\0\0MM\0*\x7f\xff\xff\xff')] }))).toEqual(
      jpegOf(),
    );
    expect(bare(jpegOf({ before: [segment(0xe1, 'Exif\0\0')] }))).toEqual(jpegOf());
  });

  it('of several scans is kept whole, with stuffed bytes and restarts', () => {
    const scans = Buffer.concat([
      Buffer.from([1, 0xff, 0, 2, 0xff, 0xd0, 3]),
      segment(0xc4, 'table'),
      segment(0xfe, 'a comment'),
      segment(0xda, 'head'),
      Buffer.from([7]),
    ]);
    const kept = bare(jpegOf({ scan: scans }));
    const without = scans
      .toString('latin1')
      .replace(segment(0xfe, 'a comment').toString('latin1'), '');
    expect(kept).toEqual(jpegOf({ scan: Buffer.from(without, 'latin1') }));
  });

  it('in PNG and WebP loses the same', () => {
    expect(bare(pngOf(['eXIf', 'tEXt', 'iTXt']))).toEqual(pngOf([]));
    const webp = bare(webpOf(['EXIF', 'XMP '], 0x1c));
    expect(webp).toEqual(webpOf([], 0x10));
    expect(webp.readUInt32LE(4)).toBe(webp.length - 8);
  });

  it('is none where a file is broken, or no picture', () => {
    const files = [
      'no picture',
      '',
      '\u00ff\u00d8',
      '\u00ff\u00d8\u00ff',
      '\u00ff\u00d8\u00ff\u00e1\u00ff\u00ff..',
      '\u00ff\u00d8\u00ff\u00e1\0\0..',
      '\u00ff\u00d8no segment',
      '\u0089PNG\r\n\u001a\n',
      '\u0089PNG\r\n\u001a\n\u00ff\u00ff\u00ff\u00ffIHDR....',
      'RIFF....WEBP',
      'RIFF....WEBPVP8 \u00ff\u00ff\u00ff\u00ff',
    ];
    for (const file of files)
      expect([file, barePicture(Buffer.from(file, 'latin1'))]).toEqual([file, undefined]);
  });
});
