/** Why a file is refused as a whole, before any of its rows is believed. Said to the clerk in her language. */
export const fileRefusals = {
  'file-empty': {
    zh: '文件是空的，没有任何数据行。',
    en: 'The file is empty: it holds no row of data.',
  },
  'file-truncated': {
    zh: '文件不完整，请重新上传。',
    en: 'The file is incomplete; upload it again.',
  },
  'file-damaged': {
    zh: '文件已损坏，无法读取；请用表格软件打开后另存再上传。',
    en: 'The file is damaged and cannot be read; open it in the spreadsheet program, save it anew and upload it again.',
  },
  'file-mislabelled': {
    zh: '文件内容与扩展名不符；只接受 .xlsx 工作簿和 .csv 文本。',
    en: 'The content of the file is not what its name says; only .xlsx workbooks and .csv texts are taken.',
  },
  'file-old-format': {
    zh: '旧格式的工作簿（.xls、.et、.xlsb）不能读取，请另存为 .xlsx。',
    en: 'Workbooks in an old format (.xls, .et, .xlsb) cannot be read; save it as .xlsx.',
  },
  'file-macro': {
    zh: '文件含有宏，请另存为不含宏的 .xlsx。',
    en: 'The file carries macros; save it as an .xlsx without macros.',
  },
  'file-external-link': {
    zh: '文件引用了其他文件或数据源，请断开链接并只保留数值。',
    en: 'The file links to other files or data sources; break the links and keep the values only.',
  },
  'file-xml-entity': {
    zh: '文件含有不允许的实体声明。',
    en: 'The file declares XML entities, which is not allowed.',
  },
  'file-too-wide': {
    zh: '工作表的列数过多。',
    en: 'The sheet has too many columns.',
  },
  'file-too-long': {
    zh: '文件的行数过多，请分成几个文件上传。',
    en: 'The file has too many rows; split it into several files.',
  },
  'file-too-large': {
    zh: '文件过大。',
    en: 'The file is too large.',
  },
  'file-too-complex': {
    zh: '文件结构过于复杂（部件、合并单元格或文字过多）。',
    en: 'The file is too complex: too many parts, merged cells or texts.',
  },
  'file-cell-too-long': {
    zh: '有单元格的文字过长。',
    en: 'A cell holds too long a text.',
  },
  'file-bomb': {
    zh: '文件解压后异常膨胀，已拒绝。',
    en: 'The file swells abnormally when unpacked and is refused.',
  },
  'file-encrypted': {
    zh: '文件设有密码，请取消密码后再上传。',
    en: 'The file is protected by a password; remove it and upload again.',
  },
  'file-encoding': {
    zh: '无法识别文字编码；请保存为 UTF-8 或 GBK。',
    en: 'The text encoding is not recognised; save the file as UTF-8 or GBK.',
  },
  'file-ragged': {
    zh: '有的行比表头多出列，文字中的逗号可能没有加引号。',
    en: 'A row has more columns than the heading; a comma inside a text is perhaps not quoted.',
  },
  'file-no-sheet': {
    zh: '工作簿中没有可见的工作表。',
    en: 'The workbook has no visible sheet.',
  },
} as const;

export type FileRefusalCode = keyof typeof fileRefusals;
