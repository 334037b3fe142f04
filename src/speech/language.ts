import { z } from 'zod'

/** BCP-47, as far as recognisers and voices are named by it: `en-US`, `zh-Hans-CN`. */
export const languageCode = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language as in BCP-47, such as en-US')
export const defaultLanguage = 'en-US'
