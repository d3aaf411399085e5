"""The script that Streamlit runs.

It stands apart from `dashboard/pages`: a folder of that name beside the script switches Streamlit to its older kind of
pages until the first call of `st.navigation`, and a link straight to a page would then open an empty one.
"""

from dashboard.app import main

main()
