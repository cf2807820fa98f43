import { messages } from '../messages';

export const verify = messages({
  title: { zh: '如何验证', en: 'How to verify' },
  lead: {
    zh: '交易的每一步都写入一本只能追加的公开账本。您不必信任交易中心：账本、密钥和程序都是公开的，自己验证即可。',
    en: 'Every step of a deal is written into a public log that can only grow. You need not trust the exchange: log, key and program are public, so check for yourself.'
  },

  whatTitle: { zh: '能验证什么', en: 'What can be checked' },
  what1: { zh: '账本没有被改写：每个新检查点都包含以前的全部记录。', en: 'The log was not rewritten: each new checkpoint contains all that stood before.' },
  what2: {
    zh: '某一步确实在账本里：每条记录都有到检查点的证明，打开记录时浏览器会自行核对。',
    en: 'A step stands in the log: each entry has a proof up to a checkpoint, which your browser checks when you open the entry.'
  },
  what3: {
    zh: '结果可以重算：账本里有公告、锁定的规则版本和每一次出价，谁都可以照规则算出结果。',
    en: 'A result can be worked out again: the log has the announcement, the rules pinned with it and every offer.'
  },
  what4: { zh: '账本里没有个人信息：当事人以假名编号和加盐承诺出现，文件以摘要出现。', en: 'There is no personal data in it: parties stand as pseudonyms and salted commitments, documents as digests.' },

  howTitle: { zh: '自己验证', en: 'Check for yourself' },
  how1: { zh: '先把账本公钥抄录保存，最好从监督单位那里取得一份对照。', en: 'Keep the log’s verifier key, best compared with the copy at a supervising office.' },
  how2: {
    zh: '在自己的电脑上运行验证程序。它核对签名、整棵树和每条记录的格式，只有全部成立时才以 0 退出。',
    en: 'Run the verifier on your own computer. It checks signatures, the whole tree and the form of each entry, and exits with 0 only when everything holds.'
  },
  how3: { zh: '下次验证时带上上次保存的状态，程序会确认账本是在原来的基础上增加的。', en: 'Next time give it the state that it kept: it then checks that the log has only grown since.' },

  toLog: { zh: '打开公开账本', en: 'Open the public log' },
  nowTitle: { zh: '当前检查点', en: 'The checkpoint now' },
  nowText: { zh: '由交易中心签名：账本名称、记录条数、树根和签名。', en: 'Signed by the exchange: the log’s name, the number of entries, the root of the tree, and the signature.' },
  keyTitle: { zh: '账本公钥', en: 'The log’s verifier key' },
  filesTitle: { zh: '公开文件', en: 'Public files' },
  files: {
    zh: '格式为 C2SP tlog-tiles 和 tlog-checkpoint，任何兼容工具都可以读取。',
    en: 'The formats are C2SP tlog-tiles and tlog-checkpoint; any tool that knows them can read the log.'
  }
});
