/** Where the data goes in the built page: the whole content of its element. */
export const DATA_MARK = 'KEEPSET-DATA';
