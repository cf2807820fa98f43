import { messages } from '../messages';

/** The page for addresses that lead nowhere. */
export const errorPage = messages({
  missing: { zh: '没有这个页面', en: 'There is no such page' },
  missingLead: {
    zh: '地址可能写错了，或者页面已经移走。标的可以在市场里按名称、地区或项目编号查找。',
    en: 'The address may be mistyped, or the page moved. Lots can be found in the market by name, region or project number.'
  },
  failed: { zh: '页面出错了', en: 'The page failed' },
  failedLead: { zh: '请刷新重试。已受理的事项不会丢失。', en: 'Please reload. Nothing that was accepted is lost.' },
  toMarket: { zh: '去市场查找', en: 'Search the market' },
  toHome: { zh: '回首页', en: 'To the first page' },
  reload: { zh: '刷新', en: 'Reload' }
});
