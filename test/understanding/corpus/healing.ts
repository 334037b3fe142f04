import { type Form, forms } from './form.ts'

export const healing: readonly Form[] = [
  ...forms('heal.stop', {}, [
    'helix stop healing',
    'helix, stop the healing please',
    'Helix, stop all policies.',
    'hey helix halt the self-healing',
    'helix pause healing and scaling',
    'helix suspend automatic healing',
    'helix please turn off the healing',
    'Helix, switch all automation off.',
    'helix stop all automation',
    'helix disable all the policies',
    'helix turn self healing off',
    'helix stop scaling and healing',
    'helix stop fixing things by yourself',
    'okay helix, stop doing anything by yourself',
  ]),
  ...forms('heal.list', {}, [
    'helix show me the healing policies',
    'helix, list all self healing policies',
    'Helix, what is healing doing?',
  ]),
  ...forms('heal.list', { environment: 'staging' }, ['helix what does healing do in staging']),
]
