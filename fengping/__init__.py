"""fengping"""
